"""The three kinds of subnets of a region: what each is for, and its size."""

from ipaddress import IPv4Network
from typing import Final

from aws_cdk import aws_ec2 as ec2

from stacks.ecommerce.topology import ISOLATED_BITS, PRIVATE_BITS, PUBLIC_BITS

PUBLIC: Final = "Public"
"""Load balancers and NAT gateways; nothing in it gets an address of the internet unless it asks for one."""
PRIVATE: Final = "Private"
"""Nodes and pods: out by NAT, in by load balancers only."""
ISOLATED: Final = "Isolated"
"""Databases and caches: no way out."""


def configuration(cidr: IPv4Network) -> list[ec2.SubnetConfiguration]:
    """The subnets of one zone of a VPC, the largest first: addresses are given in this order, without gaps."""
    return [
        ec2.SubnetConfiguration(
            name=PRIVATE,
            subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS,
            cidr_mask=cidr.prefixlen + PRIVATE_BITS,
        ),
        ec2.SubnetConfiguration(
            name=PUBLIC,
            subnet_type=ec2.SubnetType.PUBLIC,
            cidr_mask=cidr.prefixlen + PUBLIC_BITS,
            map_public_ip_on_launch=False,
        ),
        ec2.SubnetConfiguration(
            name=ISOLATED,
            subnet_type=ec2.SubnetType.PRIVATE_ISOLATED,
            cidr_mask=cidr.prefixlen + ISOLATED_BITS,
        ),
    ]
