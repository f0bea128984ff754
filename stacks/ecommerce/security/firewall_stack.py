"""EcommerceFirewall: what stands before the load balancer and the API of one region."""

from collections.abc import Iterable

from aws_cdk import ArnFormat
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security import web_acl_rules
from stacks.ecommerce.security.shield import ShieldProtection
from stacks.ecommerce.security.web_acl import Rule, WebAcl
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceFirewall(PlatformStack):
    """The web ACLs of `region` and what they protect, and Shield Advanced if the settings commit to it.

    `load_balancer_arn`, `api_stage_arn`: what is protected. `distribution_id`, `zone`: given in the primary region
    alone, for Shield. None of them: the web ACL is there and stands before nothing.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        load_balancer_arn: str | None,
        api_stage_arn: str | None,
        distribution_id: str | None = None,
        zone: route53.IHostedZone | None = None,
    ) -> None:
        super().__init__(
            scope,
            "Firewall",
            region=region,
            settings=settings,
            purpose=f"web ACLs of the {region.role} region {region.name}",
        )
        self._settings, self._operations_key = settings, operations_key
        rate_limit = settings.ecommerce_waf_rate_limit
        shop = self._web_acl(
            "Shop",
            "Load balancer of the shop, behind the distribution",
            web_acl_rules.of_load_balancer(
                rate_limit=rate_limit, sensitive_rate_limit=settings.ecommerce_waf_sensitive_rate_limit
            ),
        )
        api = self._web_acl("Api", "API of the partners", web_acl_rules.of_api(rate_limit=rate_limit))
        if load_balancer_arn is not None:
            shop.protect("LoadBalancer", load_balancer_arn)
        if api_stage_arn is not None:
            api.protect("Stage", api_stage_arn)
        if settings.ecommerce_shield_advanced is not None:
            self._shield(shop, load_balancer_arn, distribution_id, zone)

    def _web_acl(self, of: str, protects: str, rules: Iterable[Rule]) -> WebAcl:
        return WebAcl(
            self,
            of,
            acl_scope="REGIONAL",
            protects=protects,
            rules=rules,
            log_group=names.firewall_log(of.lower(), self._settings.stage),
            log_retention=log_retention(self._settings),
            log_key=self._operations_key,
            removal_policy=removal_policy(self._settings),
        )

    def _shield(
        self,
        shop: WebAcl,
        load_balancer_arn: str | None,
        distribution_id: str | None,
        zone: route53.IHostedZone | None,
    ) -> None:
        """Load balancers by region, the distribution and the zone once: "AWS Shield Advanced protected
        resources"."""
        if load_balancer_arn is not None:
            protection = ShieldProtection(
                self,
                "LoadBalancerShield",
                name=f"{self.stack_name}-load-balancer",
                resource_arn=load_balancer_arn,
                block_floods=True,
            )
            # floods are blocked by a rule in the web ACL, which has to be associated first
            protection.node.add_dependency(shop)
        if distribution_id is not None:
            ShieldProtection(
                self,
                "DistributionShield",
                name=f"{self.stack_name}-distribution",
                resource_arn=self.format_arn(
                    service="cloudfront", region="", resource="distribution", resource_name=distribution_id
                ),
                block_floods=True,
            )
        if zone is not None:
            ShieldProtection(
                self,
                "ZoneShield",
                name=f"{self.stack_name}-hosted-zone",
                resource_arn=self.format_arn(
                    service="route53",
                    region="",
                    account="",
                    resource="hostedzone",
                    resource_name=zone.hosted_zone_id,
                    arn_format=ArnFormat.SLASH_RESOURCE_NAME,
                ),
                block_floods=False,
            )
