"""The network ACL of the isolated subnets: databases and caches answer the private subnets, and that is all."""

from typing import Final

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.network import subnets

POSTGRESQL: Final = 5432
REDIS: Final = 6379
"""The ports of what the document puts into these subnets."""

# "Ephemeral ports" of "Custom network ACLs for your VPC": those of NAT gateways and Lambda, and Linux's among them.
_EPHEMERAL: Final = (1024, 65535)
# ACL rules are tried in order of their number; steps leave room for a rule in between.
_STEP: Final = 10


class IsolatedAcl(Construct):
    """Lets each private subnet in at two ports, the answers out, and nothing else either way.

    A second line behind the security groups, for the subnets that hold customers' data: a group that is opened by
    mistake still lets nobody in from the public subnets, and nothing from here reaches the internet. The resolver
    of the VPC is not subject to ACLs ("Custom network ACLs for your VPC").
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.Vpc) -> None:
        super().__init__(scope, construct_id)
        acl = ec2.NetworkAcl(
            self,
            "Acl",
            vpc=vpc,
            subnet_selection=ec2.SubnetSelection(subnet_group_name=subnets.ISOLATED),
        )
        number = 100
        for position, private in enumerate(
            vpc.select_subnets(subnet_group_name=subnets.PRIVATE).subnets, start=1
        ):
            here = ec2.AclCidr.ipv4(private.ipv4_cidr_block)
            for name, port in (("Postgresql", POSTGRESQL), ("Redis", REDIS)):
                self._allow(
                    acl,
                    f"{name}From{position}",
                    here,
                    ec2.AclTraffic.tcp_port(port),
                    number,
                    ec2.TrafficDirection.INGRESS,
                )
                number += _STEP
            self._allow(
                acl,
                f"AnswersTo{position}",
                here,
                ec2.AclTraffic.tcp_port_range(*_EPHEMERAL),
                number,
                ec2.TrafficDirection.EGRESS,
            )
            number += _STEP
        acknowledge(
            acl,
            "AwsSolutions-VPC3",
            reason="The rule wants ACLs used sparingly: this is the only one, before customers' data.",
        )

    def _allow(
        self,
        acl: ec2.NetworkAcl,
        name: str,
        cidr: ec2.AclCidr,
        traffic: ec2.AclTraffic,
        number: int,
        direction: ec2.TrafficDirection,
    ) -> None:
        acl.add_entry(name, cidr=cidr, traffic=traffic, rule_number=number, direction=direction)
