"""The nodes of a cluster, and what whoever launches more of them needs."""

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct, IDependable

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.compute import karpenter_policy
from stacks.ecommerce.compute.interruption_queue import InterruptionQueue
from stacks.ecommerce.compute.launch_template import NodeTemplate
from stacks.ecommerce.compute.node_groups import NodeGroups
from stacks.ecommerce.compute.node_key import NodeKey
from stacks.ecommerce.compute.node_role import NodeRole
from stacks.ecommerce.compute.service_account_role import ServiceAccountRole
from stacks.ecommerce.compute.sizes import ClusterSize
from stacks.ecommerce.topology import Region

LAUNCHER_NAMESPACE = "kube-system"
LAUNCHER_SERVICE_ACCOUNT = "karpenter"


class Nodes(Construct):
    """Node groups that come `after` the add-ons that a node needs; the identity of Karpenter, which may add nodes.

    Exposes `ready` (after which pods can start), `launcher` (Karpenter's role), `profile` (of its nodes), `key` (of
    disks) and `interruptions` (its queue).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        region: Region,
        size: ClusterSize,
        queue_key: kms.IKey,
        after: list[IDependable],
    ) -> None:
        super().__init__(scope, construct_id)
        node = NodeRole(self, "Role")
        self.profile = node.profile
        self.interruptions = InterruptionQueue(self, "Interruptions", key=queue_key).queue
        self.launcher = ServiceAccountRole(
            self,
            "Launcher",
            cluster=cluster,
            cluster_name=cluster_name,
            namespace=LAUNCHER_NAMESPACE,
            service_account=LAUNCHER_SERVICE_ACCOUNT,
        )
        reads = karpenter_policy.reads(cluster_name=cluster_name, region=region.name)
        launches = karpenter_policy.nodes(cluster_name=cluster_name, region=region.name, node_role=node.role)
        self.launcher.policy.add_statements(
            *reads,
            iam.PolicyStatement(
                actions=["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
                resources=[self.interruptions.queue_arn],
            ),
            iam.PolicyStatement(actions=["kms:Decrypt"], resources=[queue_key.key_arn]),
        )
        launching = iam.ManagedPolicy(
            self,
            "LaunchingPolicy",
            roles=[self.launcher.role],
            statements=launches,
        )
        for policy, statements in ((self.launcher.policy, reads), (launching, launches)):
            acknowledge_wildcards(
                policy,
                statements,
                reason="What belongs to an instance gets its id at launch; what may be tagged or ended is narrowed "
                "to the cluster's tags instead. Descriptions have no resource to name.",
            )
        self.key = NodeKey(self, "Key", region=region.name, launchers=[self.launcher.role]).key
        groups = NodeGroups(
            self,
            "Groups",
            cluster=cluster,
            size=size,
            region=region,
            role=node.role,
            template=NodeTemplate(self, "Template", disk_gib=size.disk_gib, key=self.key).template,
        )
        for group in (groups.base, groups.batch):
            for each in after:
                group.node.add_dependency(each)
        self.ready: list[IDependable] = [groups.base, self.launcher, launching]
