"""EcommerceNetwork: the network of one region."""

from aws_cdk import CfnOutput
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks import provider_logs
from stacks.ecommerce import providers
from stacks.ecommerce.network.region_network import RegionNetwork
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceNetwork(PlatformStack):
    """The network of `region`; exposes `vpc`. Output: VpcId. Knows no other region: any can be updated alone."""

    def __init__(self, scope: Construct, *, region: Region, settings: Settings) -> None:
        super().__init__(
            scope,
            "Network",
            region=region,
            settings=settings,
            purpose=f"network of the {region.role} region {region.name}",
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
        provider_logs.keep_in_stack(self, log_retention=logs_kept, encryption_key=network.log_key)
        providers.acknowledge_in_stack(self)
        self.vpc: ec2.Vpc = network.vpc
        CfnOutput(self, "VpcId", value=network.vpc.vpc_id)
