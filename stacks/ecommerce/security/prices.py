"""What the security layer costs, for the settings table. Knows no construct.

US dollars, list prices of us-east-1, typed in from memory in November 2026; the source of each is the service's
price page. The other regions' differ by less than a tenth.
"""

from typing import Final

from stacks import prices
from stacks.prices import Price

_WAF: Final = "AWS WAF Pricing"
_COGNITO: Final = "Amazon Cognito Pricing"
_GUARDDUTY: Final = "Amazon GuardDuty Pricing"

TAKEOVER: Final = Price(10.00, "web ACL with account takeover prevention and month", _WAF)
SIGN_INS_LOOKED_AT: Final = Price(1.00, "1,000 sign-ins after the first 10,000 a month", _WAF)
SHIELD_ADVANCED: Final = Price(3000.00, "organization and month, for at least twelve", "AWS Shield Pricing")
ESSENTIALS: Final = Price(0.015, "customer who signs in in a month, after the first 10,000", _COGNITO)
PLUS: Final = Price(0.02, "customer who signs in in a month", _COGNITO)
AUDIT_EVENTS: Final = Price(4.00, "million CloudTrail events", _GUARDDUTY)
CONFIGURATION_ITEM: Final = Price(0.003, "configuration item", "AWS Config Pricing")
RULE_EVALUATION: Final = Price(0.001, "rule evaluation, of the first 100,000", "AWS Config Pricing")
SECURITY_CHECK: Final = Price(0.001, "check, of the first 100,000", "AWS Security Hub Pricing")

# stacks/ecommerce/security/web_acl_rules.py; a test holds them together
EDGE_RULES: Final = 9
LOAD_BALANCER_RULES: Final = 5
API_RULES: Final = 6
SIGN_IN_RULES: Final = 4


def web_acls(*, regions: int) -> float:
    """US dollars a month of all web ACLs before requests, with the platform in so many regions."""
    regional = prices.web_acl(rules=LOAD_BALANCER_RULES) + prices.web_acl(rules=API_RULES)
    return prices.web_acl(rules=EDGE_RULES) + prices.web_acl(rules=SIGN_IN_RULES) + regions * regional
