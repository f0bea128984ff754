"""Region Switch's way into a cluster."""

from aws_cdk import Aws
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from stacks.ecommerce.services import NAMESPACE


class ClusterAccess(Construct):
    """An access entry: the IAM role named `role` may scale what is in the shop's namespace of `cluster`, no more.

    "Amazon EKS resource scaling execution block" of the ARC Developer Guide.
    """

    def __init__(self, scope: Construct, construct_id: str, *, cluster: str, role: str) -> None:
        super().__init__(scope, construct_id)
        eks.CfnAccessEntry(
            self,
            "Entry",
            cluster_name=cluster,
            principal_arn=f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{role}",
            access_policies=[
                eks.CfnAccessEntry.AccessPolicyProperty(
                    policy_arn=f"arn:{Aws.PARTITION}:eks::aws:cluster-access-policy/"
                    "AmazonARCRegionSwitchScalingPolicy",
                    access_scope=eks.CfnAccessEntry.AccessScopeProperty(
                        type="namespace", namespaces=[NAMESPACE]
                    ),
                )
            ],
        )
