"""A region's network as the cluster sees it."""

from collections.abc import Sequence

from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2
from constructs import Construct


def private_view(scope: Construct, construct_id: str, *, vpc: ec2.IVpc, zones: Sequence[str]) -> ec2.IVpc:
    """The private subnets of another stack's `vpc` in `zones`, as a VPC of this stack.

    The CDK tags the subnets of a cluster's VPC, which would be a change of the network's stack by the cluster's.
    The tags tell controllers in which subnets to make load balancers; here none may, so they are left out.
    """
    view = ec2.Vpc.from_vpc_attributes(
        scope,
        construct_id,
        vpc_id=vpc.vpc_id,
        availability_zones=list(zones),
        private_subnet_ids=[subnet.subnet_id for subnet in vpc.private_subnets],
        private_subnet_route_table_ids=[subnet.route_table.route_table_id for subnet in vpc.private_subnets],
    )
    Annotations.of(scope).acknowledge_warning(
        "@aws-cdk/aws-eks:clusterMustManuallyTagSubnet",
        "No controller makes load balancers: CloudFormation does, and names their subnets.",
    )
    return view
