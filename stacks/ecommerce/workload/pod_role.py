"""What the pods of one service account may ask of AWS."""

from aws_cdk import Aws
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.services import NAMESPACE


class PodRole(Construct):
    """A role for the pods of the shop's `service_account` in `cluster`, by EKS Pod Identity, and for nobody else.

    Pods on Fargate cannot have one: Pod Identity's agent is a DaemonSet. Exposes `policy`, which things are granted
    to, and `role`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, cluster: eks.ICluster, service_account: str
    ) -> None:
        super().__init__(scope, construct_id)
        # "Configure IAM role trust policy" of EKS Pod Identity: it passes these as session tags.
        trusted = iam.ServicePrincipal(
            "pods.eks.amazonaws.com",
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": Aws.ACCOUNT_ID,
                    "aws:RequestTag/eks-cluster-name": cluster.cluster_name,
                    "aws:RequestTag/kubernetes-namespace": NAMESPACE,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        )
        self.role = iam.Role(
            self,
            "Role",
            description=f"Pods of {NAMESPACE}/{service_account}",
            assumed_by=iam.SessionTagsPrincipal(trusted),
        )
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[self.role])
        eks.CfnPodIdentityAssociation(
            self,
            "Association",
            cluster_name=cluster.cluster_name,
            namespace=NAMESPACE,
            service_account=service_account,
            role_arn=self.role.role_arn,
        )
