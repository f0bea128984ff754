"""EcommerceDns: the shop's zone."""

from aws_cdk import CfnOutput, Fn
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic.hosted_zone import ShopZone
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceDns(PlatformStack):
    """The public hosted zone of `ecommerce_domain`, in the primary; exposes `zone`. Output: NameServers.

    Zones are in no region: should the primary's fail, the zone goes on to answer, and can still be changed once
    Route 53's control plane in us-east-1 is there ("Data plane and control plane", Amazon Route 53).
    """

    def __init__(
        self, scope: Construct, *, region: Region, settings: Settings, domain: str, keys: EcommerceKeys
    ) -> None:
        removal = removal_policy(settings)
        super().__init__(
            scope,
            "Dns",
            region=region,
            settings=settings,
            purpose=f"public hosted zone of {domain}",
            keeps_data=True,
        )
        self.zone: route53.IHostedZone = ShopZone(
            self,
            "Shop",
            domain=domain,
            signed=settings.ecommerce_dnssec,
            log_key=keys.operations_key,
            log_retention=log_retention(settings),
            removal_policy=removal,
        ).zone
        servers = self.zone.hosted_zone_name_servers
        assert servers is not None  # noqa: S101  # a public zone of one's own has them
        CfnOutput(
            self,
            "NameServers",
            value=Fn.join(", ", servers),
            description="Make these the domain's name servers at its registrar, or an NS record in its "
            "parent zone, before phase 2: its certificates are validated in this zone",
        )
