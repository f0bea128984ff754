"""The rules of the shop's web ACLs, by what they stand before.

A web ACL's base price has 1,500 capacity units in it ("AWS WAF web ACL capacity units"); a test adds them up.
"""

from typing import Final

from aws_cdk import aws_wafv2 as wafv2

from stacks.ecommerce.security.web_acl import Rule
from stacks.ecommerce.services import SERVICES
from stacks.firewall_rules import managed, path_is, rate, visible_as

# "AWS Managed Rules rule groups list", AWS WAF Developer Guide
_REPUTATION: Final = "AWSManagedRulesAmazonIpReputationList"
_ANONYMOUS: Final = "AWSManagedRulesAnonymousIpList"
_BAD_INPUTS: Final = "AWSManagedRulesKnownBadInputsRuleSet"
_CORE: Final = "AWSManagedRulesCommonRuleSet"
_SQL: Final = "AWSManagedRulesSQLiRuleSet"
_TAKEOVER: Final = "AWSManagedRulesATPRuleSet"

# where money moves: card testing and stock grabbing come here, as credential stuffing comes to the sign-in
_PAYING: Final = tuple(
    path.rstrip("*") for service in SERVICES if service.name == "checkout" for path in service.paths
)
# the sample's switches for faults, and Spring's insides: for probes within the VPC
_INTERNAL: Final = ("/chaos", "/actuator")
# bytes; a browser's cookies and tokens of the sign-in take about half of it
_LARGEST_HEADER: Final = 7168


def of_distribution(
    *, rate_limit: int, sensitive_rate_limit: int, block_anonymous: bool, sign_in_path: str | None
) -> list[Rule]:
    """The first and the only one to see who really asks.

    `sign_in_path`: of a sign-in form of the shop's own; it is watched for stolen passwords.
    """
    return [
        lambda at: rate("RateLimit", at, rate_limit, forwarded=False),
        lambda at: rate(
            "SensitiveRateLimit",
            at,
            sensitive_rate_limit,
            forwarded=False,
            paths=[*_PAYING, *([sign_in_path.lower()] if sign_in_path else [])],
        ),
        _internal,
        _large_headers,
        lambda at: managed(_REPUTATION, at),
        lambda at: managed(_ANONYMOUS, at, count=not block_anonymous),
        lambda at: managed(_BAD_INPUTS, at),
        lambda at: managed(_CORE, at),
        lambda at: managed(_SQL, at),
        *([lambda at: _takeover(at, sign_in_path)] if sign_in_path else []),
    ]


def of_load_balancer(*, rate_limit: int, sensitive_rate_limit: int) -> list[Rule]:
    """The second, behind the distribution, whose addresses are all that it sees: a visitor is told from another by
    the first address of X-Forwarded-For, which he can make up. The distribution's limits, by the address that
    connects, are those that hold; these are for a way past it.
    """
    return [
        lambda at: rate("RateLimit", at, rate_limit, forwarded=True),
        lambda at: rate("SensitiveRateLimit", at, sensitive_rate_limit, forwarded=True, paths=_PAYING),
        lambda at: managed(_BAD_INPUTS, at),
        lambda at: managed(_CORE, at),
        lambda at: managed(_SQL, at),
    ]


def of_api(*, rate_limit: int) -> list[Rule]:
    """Before the partners' API, which is reached directly. Partners and the payment provider call from hosting
    providers, which the list of anonymous addresses has: it counts only."""
    return [
        lambda at: rate("RateLimit", at, rate_limit, forwarded=False),
        lambda at: managed(_REPUTATION, at),
        lambda at: managed(_ANONYMOUS, at, count=True),
        lambda at: managed(_BAD_INPUTS, at),
        lambda at: managed(_CORE, at),
        lambda at: managed(_SQL, at),
    ]


def of_sign_in(*, sensitive_rate_limit: int, block_anonymous: bool) -> list[Rule]:
    """Before Cognito, where passwords are tried. Its requests' bodies are not shown to WAF ("Associate an
    AWS WAF web ACL with a user pool"), so rules about them, account takeover prevention among them, would do
    nothing."""
    return [
        lambda at: rate("SensitiveRateLimit", at, sensitive_rate_limit, forwarded=False),
        lambda at: managed(_REPUTATION, at),
        lambda at: managed(_ANONYMOUS, at, count=not block_anonymous),
        lambda at: managed(_BAD_INPUTS, at),
    ]


def _internal(priority: int) -> wafv2.CfnWebACL.RuleProperty:
    return _block("InternalPaths", priority, path_is(_INTERNAL, "CONTAINS"))


def _large_headers(priority: int) -> wafv2.CfnWebACL.RuleProperty:
    """The core rules limit path, query, cookies and body. AWS WAF sees 8 KB of headers and at most 200 of
    them; more would pass unseen."""
    statement = wafv2.CfnWebACL.StatementProperty(
        size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(
                headers=wafv2.CfnWebACL.HeadersProperty(
                    match_pattern=wafv2.CfnWebACL.HeaderMatchPatternProperty(all={}),
                    match_scope="VALUE",
                    oversize_handling="MATCH",
                )
            ),
            comparison_operator="GT",
            size=_LARGEST_HEADER,
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    return _block("LargeHeaders", priority, statement)


def _block(
    name: str, priority: int, statement: wafv2.CfnWebACL.StatementProperty
) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty()),
        statement=statement,
        visibility_config=visible_as(name),
    )


def _takeover(priority: int, sign_in_path: str) -> wafv2.CfnWebACL.RuleProperty:
    """Each sign-in that it looks at costs, so it is shown nothing else. The form posts JSON with these two
    fields."""
    return managed(
        _TAKEOVER,
        priority,
        scope_down=path_is([sign_in_path.lower()], "STARTS_WITH"),
        configuration=[
            wafv2.CfnWebACL.ManagedRuleGroupConfigProperty(
                aws_managed_rules_atp_rule_set=wafv2.CfnWebACL.AWSManagedRulesATPRuleSetProperty(
                    login_path=sign_in_path,
                    enable_regex_in_path=False,
                    request_inspection=wafv2.CfnWebACL.RequestInspectionProperty(
                        payload_type="JSON",
                        username_field=wafv2.CfnWebACL.FieldIdentifierProperty(identifier="/username"),
                        password_field=wafv2.CfnWebACL.FieldIdentifierProperty(identifier="/password"),
                    ),
                )
            )
        ],
    )
