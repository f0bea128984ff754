"""AWS WAF in front of a distribution or a load balancer."""

from typing import Final, Literal

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from stacks.firewall_rules import managed, rate, visible_as

# "AWS Managed Rules rule groups list", AWS WAF Developer Guide. With the rate limits about 930 of the 1,500
# capacity units that a web ACL's base price has in it.
MANAGED_RULES: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)


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
        rules = [rate("RateLimit", 0, rate_limit, forwarded=False, others_only=behind_proxy)]
        if behind_proxy:
            rules.append(rate("ForwardedRateLimit", 1, rate_limit, forwarded=True, others_only=False))
        rules += [managed(name, priority) for priority, name in enumerate(MANAGED_RULES, start=len(rules))]
        # No name: CloudFormation makes one that no other stage has.
        self.web_acl = wafv2.CfnWebACL(
            self,
            "WebAcl",
            scope=acl_scope,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            description=f"{protects}: managed rules and a rate limit",
            rules=rules,
            visibility_config=visible_as("WebAcl"),
        )

    def protect(self, resource_arn: str) -> None:
        """Stand before a regional resource, as a load balancer; a distribution names its web ACL itself."""
        wafv2.CfnWebACLAssociation(
            self, "Association", resource_arn=resource_arn, web_acl_arn=self.web_acl.attr_arn
        )
