"""AWS WAF in front of the distribution."""

from typing import Final

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

# "AWS Managed Rules rule groups list", AWS WAF Developer Guide. With the rate limit 927 of the 1,500 capacity
# units that a web ACL's base price has in it.
MANAGED_RULES: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)


class SiteFirewall(Construct):
    """A web ACL that lets requests pass unless a rule blocks them; what it counts is in CloudWatch.

    `rate_limit`: requests in five minutes after which an address is blocked, until it asks for less; the count
    lags by some seconds. Must be in us-east-1 ("Setting up AWS WAF", AWS WAF Developer Guide).
    """

    def __init__(self, scope: Construct, construct_id: str, *, rate_limit: int) -> None:
        super().__init__(scope, construct_id)
        rate = wafv2.CfnWebACL.RuleProperty(
            name="RateLimit",
            priority=0,
            action=wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty()),
            statement=wafv2.CfnWebACL.StatementProperty(
                rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                    aggregate_key_type="IP", limit=rate_limit, evaluation_window_sec=300
                )
            ),
            visibility_config=_visible_as("RateLimit"),
        )
        # No name: CloudFormation makes one that no other stage has.
        self.web_acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope="CLOUDFRONT",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            description="Static site: managed rules and a rate limit",
            rules=[
                rate,
                *(_managed(name, priority) for priority, name in enumerate(MANAGED_RULES, start=1)),
            ],
            visibility_config=_visible_as("WebAcl"),
        )


def _managed(name: str, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name
            )
        ),
        visibility_config=_visible_as(name),
    )


def _visible_as(metric: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    # Requests are not sampled: samples carry visitors' addresses and headers.
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
