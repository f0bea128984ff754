"""Pods without nodes: the shop's services with bursts."""

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, managed_policy
from stacks.ecommerce.compute import fargate_logging, log_names
from stacks.ecommerce.compute.kept_logs import KeptLogs


class Fargate(Construct):
    """A Fargate profile for the pods of `namespace` with `labels`, and where what they print is kept.

    Their security group is the cluster's; the role is for starting them, and none of theirs.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        made: eks.Cluster,
        cluster_name: str,
        namespace: str,
        labels: dict[str, str],
        kept_logs: KeptLogs,
    ) -> None:
        super().__init__(scope, construct_id)
        group = kept_logs.group(self, "Logs", log_names.fargate(cluster_name))
        role = self._role(cluster_name)
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources=[group.log_group_arn],
                )
            ],
        )
        # The CDK applies manifests when all profiles are there; the shop's pods come with a later stack still.
        eks.KubernetesManifest(
            self,
            "Logging",
            cluster=cluster,
            manifest=fargate_logging.manifests(group=group.log_group_name, region=Stack.of(self).region),
        )
        profile = eks.FargateProfile(
            self,
            "Profile",
            cluster=made,
            pod_execution_role=role,
            vpc=cluster.vpc,
            subnet_selection=ec2.SubnetSelection(subnets=cluster.vpc.private_subnets),
            selectors=[eks.Selector(namespace=namespace, labels=labels)],
        )
        # A pod that starts before prints nowhere for as long as it lives.
        profile.node.add_dependency(policy)

    def _role(self, cluster_name: str) -> iam.Role:
        stack = Stack.of(self)
        profiles = stack.format_arn(
            service="eks", resource="fargateprofile", resource_name=f"{cluster_name}/*"
        )
        role = iam.Role(
            self,
            "Role",
            # "Amazon EKS Pod execution IAM role": confused deputy prevention.
            assumed_by=iam.ServicePrincipal(
                "eks-fargate-pods.amazonaws.com",
                conditions={
                    "ArnLike": {"aws:SourceArn": profiles},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            ),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSFargatePodExecutionRolePolicy")
            ],
        )
        acknowledge(
            role,
            managed_policy("AmazonEKSFargatePodExecutionRolePolicy"),
            reason="It reads images and nothing else, and is what Fargate asks for.",
        )
        return role
