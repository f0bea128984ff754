"""The nodes that always run: on demand, and on Spot for batch work."""

from typing import Final

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.compute import placement
from stacks.ecommerce.compute.sizes import ClusterSize, NodeGroup
from stacks.ecommerce.topology import Region

# Room for an update, and for a failover until Karpenter's nodes are there.
_ROOM: Final = 2


class NodeGroups(Construct):
    """Managed node groups of `cluster` in its private subnets, one node in each zone before a second in any.

    An update drains a third of a group at a time and respects disruption budgets, an unhealthy node is replaced.
    Exposes `base`, which carries the cluster's own pods, and `batch`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        size: ClusterSize,
        region: Region,
        role: iam.IRole,
        template: ec2.LaunchTemplate,
    ) -> None:
        super().__init__(scope, construct_id)
        self._cluster = cluster
        self._role = role
        self._template = template
        self.base = self._group("Base", size.base, region, eks.CapacityType.ON_DEMAND)
        self.batch = self._group(
            "Batch",
            size.batch,
            region,
            eks.CapacityType.SPOT,
            labels=dict(placement.BATCH_SELECTOR),
            taints=[
                eks.TaintSpec(
                    key=placement.WORKLOAD_LABEL, value=placement.BATCH, effect=eks.TaintEffect.NO_SCHEDULE
                )
            ],
        )

    def _group(
        self,
        name: str,
        group: NodeGroup,
        region: Region,
        capacity_type: eks.CapacityType,
        *,
        labels: dict[str, str] | None = None,
        taints: list[eks.TaintSpec] | None = None,
    ) -> eks.Nodegroup:
        nodes = group.nodes_in(region)
        return eks.Nodegroup(
            self,
            name,
            cluster=self._cluster,
            ami_type=eks.NodegroupAmiType.BOTTLEROCKET_ARM_64,
            capacity_type=capacity_type,
            instance_types=[ec2.InstanceType(each) for each in group.types],
            min_size=nodes,
            desired_size=nodes,
            max_size=max(1, _ROOM * nodes),
            subnets=ec2.SubnetSelection(subnets=self._cluster.vpc.private_subnets),
            node_role=self._role,
            launch_template_spec=eks.LaunchTemplateSpec(
                id=_known(self._template.launch_template_id), version=self._template.latest_version_number
            ),
            labels=labels,
            taints=taints,
            max_unavailable_percentage=33,
            force_update=False,
            enable_node_auto_repair=True,
        )


def _known(template_id: str | None) -> str:
    if template_id is None:
        raise TypeError("a launch template of this stack has an id")
    return template_id
