"""EcommerceNetwork: phase 1 of the platform in one region."""

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from stacks import provider_logs
from stacks.ecommerce.names import stack_name
from stacks.ecommerce.region_network import RegionNetwork
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceNetwork(Stack):
    """The network of `region`. Output: VpcId. Knows no other region: any can be updated or deleted alone."""

    def __init__(self, scope: Construct, *, region: Region, settings: Settings) -> None:
        self._zones = list(region.zones)  # asked for while the VPC is made
        super().__init__(
            scope,
            stack_name("Network", region.name, settings.stage),
            env=Environment(account=settings.account, region=region.name),
            description=f"E-commerce platform, phase 1: network of the {region.role} region {region.name}",
            tags={"platform": "ecommerce", "role": region.role, "profile": settings.ecommerce_profile},
        )
        logs_kept = log_retention(settings)
        network = RegionNetwork(
            self,
            "Network",
            region=region,
            nat_gateways=settings.ecommerce_size.nat_gateways,
            interface_endpoints=settings.ecommerce_endpoints == "interface",
            log_retention=logs_kept,
            removal_policy=removal_policy(settings),
        )
        provider_logs.keep_in_stack(self, log_retention=logs_kept)
        CfnOutput(self, "VpcId", value=network.vpc.vpc_id)

    @property
    def availability_zones(self) -> list[str]:
        """The ids of the region's zones: without it a stack with an account asks AWS at synth."""
        return self._zones
