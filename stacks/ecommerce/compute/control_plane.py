"""The cluster itself: Kubernetes' API, its logs, its secrets, and who reaches it."""

from collections.abc import Sequence
from typing import Final, cast

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, managed_policy
from stacks.ecommerce.compute import log_names
from stacks.ecommerce.compute.kept_logs import KeptLogs
from stacks.ecommerce.compute.kubectl import Kubectl

# Addresses of Kubernetes' services: of RFC 1918, and in none of the topology's networks, so that no pod can mistake
# a database or a peer for a service. It cannot be changed later.
SERVICE_CIDR: Final = "172.20.0.0/16"


class ControlPlane(Construct):
    """An EKS cluster in the private subnets of `vpc`, whose API is private unless `public_cidrs` says more.

    Nobody is let in for having made it: access entries alone decide.
    EKS upgrades it before extended support would be charged. Exposes `cluster`, and
    `made`, the same as what a Fargate profile wants.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        version: str,
        vpc: ec2.IVpc,
        public_cidrs: Sequence[str],
        secrets_key: kms.IKey,
        kept_logs: KeptLogs,
        deletion_protection: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        # EKS makes it otherwise, without an end.
        log_group = kept_logs.group(self, "Logs", log_names.control_plane(name))
        kubectl = Kubectl(self, "Kubectl", vpc=vpc, cluster_name=name)
        # In front of the API beside the group that EKS makes, for who is neither node nor pod.
        api = ec2.SecurityGroup(
            self,
            "ApiSecurityGroup",
            vpc=vpc,
            description="API of the cluster",
            allow_all_outbound=False,
        )
        api.add_ingress_rule(kubectl.security_group, ec2.Port.tcp(443), "What applies manifests")
        self.made = eks.Cluster(
            self,
            "Cluster",
            cluster_name=name,
            version=eks.KubernetesVersion.of(version),
            vpc=vpc,
            vpc_subnets=[ec2.SubnetSelection(subnets=vpc.private_subnets)],
            endpoint_access=_access(public_cidrs),
            security_group=api,
            role=self._role(secrets_key),
            secrets_encryption_key=secrets_key,
            service_ipv4_cidr=SERVICE_CIDR,
            cluster_logging=list(eks.ClusterLoggingTypes),
            bootstrap_cluster_creator_admin_permissions=False,
            # They come as add-ons, of a pinned version and with roles of their own.
            bootstrap_self_managed_addons=False,
            default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
            default_capacity=0,
            kubectl_provider_options=kubectl.options,
            output_config_command=False,
        )
        resource = self.made.node.default_child
        if not isinstance(resource, eks.CfnCluster):
            raise TypeError(f"the cluster of {self.made.node.path} is no longer a CfnCluster")
        resource.upgrade_policy = eks.CfnCluster.UpgradePolicyProperty(support_type="STANDARD")
        # ARC may move traffic and nodes away from an impaired zone: "Learn about ARC zonal shift in Amazon EKS".
        resource.zonal_shift_config = eks.CfnCluster.ZonalShiftConfigProperty(enabled=True)
        resource.deletion_protection = deletion_protection
        resource.node.add_dependency(log_group)
        # It is one; the CDK's types for Python lack an optional property of it.
        self.cluster = cast("eks.ICluster", self.made)
        kubectl.keep_logs(self.made.node.find_child("KubectlProvider"), kept_logs)

    def _role(self, secrets_key: kms.IKey) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("eks.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSClusterPolicy")],
        )
        acknowledge(
            role,
            managed_policy("AmazonEKSClusterPolicy"),
            reason="AmazonEKSClusterPolicy is what EKS asks of this role, and AWS changes it with EKS.",
        )
        # "Encrypt Kubernetes secrets with KMS on existing clusters": EKS makes a grant for itself.
        iam.ManagedPolicy(
            self,
            "SecretsPolicy",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"],
                    resources=[secrets_key.key_arn],
                )
            ],
        )
        return role


def _access(public_cidrs: Sequence[str]) -> eks.EndpointAccess:
    if not public_cidrs:
        return eks.EndpointAccess.PRIVATE
    return eks.EndpointAccess.PUBLIC_AND_PRIVATE.only_from(*public_cidrs)
