"""Karpenter: nodes for pods that wait, and fewer when they are gone."""

from aws_cdk import Duration
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct, IDependable

from stacks.ecommerce.compute import chart_values, charts, node_pools
from stacks.ecommerce.compute.nodes import LAUNCHER_NAMESPACE, LAUNCHER_SERVICE_ACCOUNT, Nodes
from stacks.ecommerce.compute.sizes import ClusterSize


class Karpenter(Construct):
    """The controller on nodes that are there without it, its definitions, and the pools that it may fill.

    The definitions are a chart of their own, as Helm changes those within a chart never again. What comes `after`
    is the nodes and what they need.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        nodes: Nodes,
        size: ClusterSize,
        tags: dict[str, str],
        after: list[IDependable],
    ) -> None:
        super().__init__(scope, construct_id)
        definitions = eks.HelmChart(
            self,
            "Definitions",
            cluster=cluster,
            repository=charts.KARPENTER_CRDS.repository,
            version=charts.KARPENTER_CRDS.version,
            chart=charts.KARPENTER_CRDS.chart,
            release="karpenter-crd",
            namespace=LAUNCHER_NAMESPACE,
            create_namespace=False,
            wait=True,
        )
        controller = eks.HelmChart(
            self,
            "Controller",
            cluster=cluster,
            repository=charts.KARPENTER.repository,
            version=charts.KARPENTER.version,
            chart=charts.KARPENTER.chart,
            release="karpenter",
            namespace=LAUNCHER_NAMESPACE,
            create_namespace=False,
            skip_crds=True,
            values=dict(
                chart_values.karpenter(
                    cluster_name=cluster_name,
                    queue_name=nodes.interruptions.queue_name,
                    service_account=LAUNCHER_SERVICE_ACCOUNT,
                )
            ),
            wait=True,
            timeout=Duration.minutes(10),
        )
        for each in after:
            definitions.node.add_dependency(each)
        controller.node.add_dependency(definitions)
        pools = eks.KubernetesManifest(
            self,
            "Pools",
            cluster=cluster,
            manifest=[
                node_pools.node_class(
                    profile=nodes.profile.ref,
                    subnets=[subnet.subnet_id for subnet in cluster.vpc.private_subnets],
                    security_group=cluster.cluster_security_group_id,
                    disk_gib=size.disk_gib,
                    key_arn=nodes.key.key_arn,
                    tags=tags,
                ),
                node_pools.burst(cpus=size.burst_cpus),
                node_pools.batch(cpus=size.batch_cpus),
            ],
        )
        # When the stack is deleted the pools go first, and the controller ends their nodes.
        pools.node.add_dependency(controller)
