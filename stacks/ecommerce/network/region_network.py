"""The network of one region."""

from collections.abc import Iterable

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.network import subnets
from stacks.ecommerce.network.endpoints import GatewayEndpoints, InterfaceEndpoints
from stacks.ecommerce.network.flow_logs import FlowLogs
from stacks.ecommerce.network.isolated_acl import IsolatedAcl
from stacks.ecommerce.topology import Region


class RegionNetwork(Construct):
    """A VPC over three zones with public, private and isolated subnets; see stacks/ecommerce/network/subnets.py.

    `nat_gateways`: of the region, in as many zones. Its stack's `availability_zones` have to be the ids of
    `region.zones`. Exposes `vpc`, and `log_key`, with which log groups of its stack can be encrypted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        region: Region,
        nat_gateways: int,
        interface_endpoints: bool,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(str(region.cidr)),
            max_azs=len(region.zones),
            nat_gateways=nat_gateways,
            subnet_configuration=subnets.configuration(region.cidr),
            restrict_default_security_group=True,
        )
        _by_zone_id([*self.vpc.public_subnets, *self.vpc.private_subnets, *self.vpc.isolated_subnets])
        for subnet in self.vpc.public_subnets:
            acknowledge(
                subnet,
                "VPCNoUnrestrictedRouteToIGW",
                reason="A public subnet holds load balancers and NAT gateways alone, which are to be reached from, "
                "and to reach, the whole internet; what holds or handles data has no such route.",
            )
        IsolatedAcl(self, "IsolatedAcl", vpc=self.vpc)
        GatewayEndpoints(self, "GatewayEndpoints", vpc=self.vpc)
        if interface_endpoints:
            InterfaceEndpoints(self, "InterfaceEndpoints", vpc=self.vpc)
        self.log_key = FlowLogs(
            self,
            "FlowLogs",
            vpc=self.vpc,
            region=region.name,
            retention=log_retention,
            removal_policy=removal_policy,
        ).key


def _by_zone_id(all_subnets: Iterable[ec2.ISubnet]) -> None:
    """Say AvailabilityZoneId where the L2 construct says AvailabilityZone: it knows names only, see zones.py."""
    for subnet in all_subnets:
        made = subnet.node.default_child
        if not isinstance(made, ec2.CfnSubnet):
            raise TypeError(f"the subnet of {subnet.node.path} is no longer a CfnSubnet")
        made.availability_zone_id, made.availability_zone = made.availability_zone, None
