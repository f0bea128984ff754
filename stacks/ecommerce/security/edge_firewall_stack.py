"""EcommerceEdgeFirewall: what stands before the distribution."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security import web_acl_rules
from stacks.ecommerce.security.web_acl import WebAcl
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceEdgeFirewall(PlatformStack):
    """The distribution's web ACL, in us-east-1, where such are made ("Setting up AWS WAF").

    Exposes `web_acl_arn`, which the distribution names. `operations_key`: of us-east-1.
    """

    def __init__(
        self, scope: Construct, *, region: Region, settings: Settings, operations_key: kms.IKey
    ) -> None:
        super().__init__(
            scope, "EdgeFirewall", region=region, settings=settings, purpose="web ACL of the distribution"
        )
        self.web_acl_arn: str = WebAcl(
            self,
            "Distribution",
            acl_scope="CLOUDFRONT",
            protects="Distribution of the shop",
            rules=web_acl_rules.of_distribution(
                rate_limit=settings.ecommerce_waf_rate_limit,
                sensitive_rate_limit=settings.ecommerce_waf_sensitive_rate_limit,
                block_anonymous=settings.ecommerce_waf_anonymous == "block",
                sign_in_path=settings.ecommerce_waf_sign_in_path,
            ),
            log_group=names.firewall_log("edge", settings.stage),
            log_retention=log_retention(settings),
            log_key=operations_key,
            removal_policy=removal_policy(settings),
        ).arn
