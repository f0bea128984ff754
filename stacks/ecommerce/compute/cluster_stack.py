"""EcommerceCluster: the Kubernetes cluster of one region."""

from aws_cdk import CfnOutput
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.compute import addon_versions, placement
from stacks.ecommerce.compute.addons import Addons
from stacks.ecommerce.compute.administrators import Administrators
from stacks.ecommerce.compute.control_plane import ControlPlane
from stacks.ecommerce.compute.fargate import Fargate
from stacks.ecommerce.compute.karpenter import Karpenter
from stacks.ecommerce.compute.kept_logs import KeptLogs
from stacks.ecommerce.compute.load_balancer_controller import LoadBalancerController
from stacks.ecommerce.compute.nodes import Nodes
from stacks.ecommerce.compute.pod_logs import PodLogs
from stacks.ecommerce.compute.private_view import private_view
from stacks.ecommerce.compute.sizes import SIZES
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.services import NAMESPACE as SHOP
from stacks.ecommerce.topology import Region
from stacks.retention import removal_policy
from stacks.settings import Settings


class EcommerceCluster(PlatformStack):
    """The cluster of `region` in the private subnets of `vpc`.

    Exposes `cluster`, to which manifests can be applied; `cluster_name`; and `workload_group`, the security group
    of nodes and of pods, also those on Fargate. Outputs: ClusterName, AdministratorRoleArn, ViewerRoleArn.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        vpc: ec2.IVpc,
        data_key: kms.IKey,
        operations_key: kms.IKey,
    ) -> None:
        super().__init__(
            scope,
            "Cluster",
            region=region,
            settings=settings,
            purpose=f"Kubernetes cluster of the {region.role} region {region.name}",
            keeps_data=True,
        )
        self.cluster_name = names.cluster(settings.stage)
        size = SIZES[settings.ecommerce_profile]
        retained = settings.removal_policy == "retain"
        kept_logs = KeptLogs(operations_key, settings.log_retention_days, removal_policy(settings))
        plane = ControlPlane(
            self,
            "ControlPlane",
            name=self.cluster_name,
            version=settings.ecommerce_kubernetes_version,
            vpc=private_view(self, "Vpc", vpc=vpc, zones=region.zones),
            public_cidrs=settings.ecommerce_cluster_access or (),
            secrets_key=data_key,
            kept_logs=kept_logs,
            deletion_protection=retained,
        )
        self.cluster = plane.cluster
        self.workload_group = self.cluster.cluster_security_group
        CfnOutput(self, "ClusterName", value=self.cluster.cluster_name)
        Administrators(self, "Administrators", cluster=self.cluster, cluster_name=self.cluster_name)
        addons = Addons(
            self,
            "Addons",
            cluster=self.cluster,
            cluster_name=self.cluster_name,
            versions=addon_versions.VERSIONS[settings.ecommerce_kubernetes_version],
        )
        nodes = Nodes(
            self,
            "Nodes",
            cluster=self.cluster,
            cluster_name=self.cluster_name,
            region=region,
            size=size,
            queue_key=operations_key,
            after=addons.before_nodes,
        )
        dns = addons.add("coredns", after=nodes.ready)
        addons.add("metrics-server", after=nodes.ready)
        addons.add("eks-node-monitoring-agent", after=nodes.ready)
        # Secrets Manager's as files of a pod; for pods on Fargate, where no driver runs, as Kubernetes' secrets.
        addons.add(
            "aws-secrets-store-csi-driver-provider",
            {"secrets-store-csi-driver": {"syncSecret": {"enabled": True}, "enableSecretRotation": True}},
            after=nodes.ready,
        )
        PodLogs(
            self,
            "PodLogs",
            addons=addons,
            after=nodes.ready,
            cluster=self.cluster,
            cluster_name=self.cluster_name,
            insights=settings.ecommerce_container_insights,
            kept_logs=kept_logs,
        )
        Fargate(
            self,
            "Fargate",
            cluster=self.cluster,
            made=plane.made,
            cluster_name=self.cluster_name,
            namespace=SHOP,
            labels=dict(placement.FARGATE_LABELS),
            kept_logs=kept_logs,
        )
        Karpenter(
            self,
            "Karpenter",
            cluster=self.cluster,
            cluster_name=self.cluster_name,
            nodes=nodes,
            size=size,
            tags=dict(self.tags.tag_values()),
            after=[*nodes.ready, dns],
        )
        LoadBalancerController(
            self,
            "LoadBalancerController",
            cluster=self.cluster,
            cluster_name=self.cluster_name,
            after=[*nodes.ready, dns],
        )
