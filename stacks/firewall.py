"""AWS WAF in front of a distribution or a load balancer."""

from typing import Final, Literal

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

# "AWS Managed Rules rule groups list", AWS WAF Developer Guide. With the rate limits about 930 of the 1,500
# capacity units that a web ACL's base price has in it.
MANAGED_RULES: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
_FORWARDED: Final = "X-Forwarded-For"


class Firewall(Construct):
    """A web ACL that lets requests pass unless a rule blocks them; what it counts is in CloudWatch.

    `acl_scope`: CLOUDFRONT, which must be in us-east-1 ("Setting up AWS WAF", AWS WAF Developer Guide), or
    REGIONAL.
    `protects`: what it stands before, for the description.
    `rate_limit`: requests in five minutes after which an address is blocked, until it asks for less; the count
    lags by some seconds.
    `behind_proxy`: some visitors come through a proxy as CloudFront, whose addresses are those of many. Their
    requests are counted by the first address of X-Forwarded-For, by a rule of its own. A visitor who comes directly
    and makes that header up is counted by what he made up; the managed rules hold for him all the same.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        acl_scope: Literal["CLOUDFRONT", "REGIONAL"],
        protects: str,
        rate_limit: int,
        behind_proxy: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        rules = [_rate("RateLimit", 0, rate_limit, forwarded=False, others_only=behind_proxy)]
        if behind_proxy:
            rules.append(_rate("ForwardedRateLimit", 1, rate_limit, forwarded=True, others_only=False))
        rules += [_managed(name, priority) for priority, name in enumerate(MANAGED_RULES, start=len(rules))]
        # No name: CloudFormation makes one that no other stage has.
        self.web_acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope=acl_scope,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            description=f"{protects}: managed rules and a rate limit",
            rules=rules,
            visibility_config=_visible_as("WebAcl"),
        )

    def protect(self, resource_arn: str) -> None:
        """Stand before a regional resource, as a load balancer; a distribution names its web ACL itself."""
        wafv2.CfnWebACLAssociation(
            self, "Association", resource_arn=resource_arn, web_acl_arn=self.web_acl.attr_arn
        )


def _rate(
    name: str, priority: int, limit: int, *, forwarded: bool, others_only: bool
) -> wafv2.CfnWebACL.RuleProperty:
    """Block who asks more often than `limit`: by address, or by the forwarded one where there is one.

    `others_only`: count only requests that were not forwarded.
    """
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty()),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="FORWARDED_IP" if forwarded else "IP",
                limit=limit,
                evaluation_window_sec=300,
                forwarded_ip_config=(
                    # What is no address is nobody's: it is left to the other rules.
                    wafv2.CfnWebACL.ForwardedIPConfigurationProperty(
                        header_name=_FORWARDED, fallback_behavior="NO_MATCH"
                    )
                    if forwarded
                    else None
                ),
                scope_down_statement=_not_forwarded() if others_only else None,
            )
        ),
        visibility_config=_visible_as(name),
    )


def _not_forwarded() -> wafv2.CfnWebACL.StatementProperty:
    has_header = wafv2.CfnWebACL.StatementProperty(
        size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": _FORWARDED.lower()}),
            comparison_operator="GT",
            size=0,
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    return wafv2.CfnWebACL.StatementProperty(
        not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=has_header)
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
