"""Who may administer a cluster, and who may look."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct

# "Review access policy permissions" of the Amazon EKS User Guide.
_POLICIES: Final[Mapping[str, str]] = {
    "Administrator": "AmazonEKSClusterAdminPolicy",
    "Viewer": "AmazonEKSAdminViewPolicy",
}


class Administrators(Construct):
    """Two roles of the account with access entries to `cluster`: one administers it, one sees all but secrets.

    Whoever takes one has to have signed in with a second factor, and needs a policy of his own that allows it.
    Outputs: AdministratorRoleArn, ViewerRoleArn.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, cluster: eks.ICluster, cluster_name: str
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        for name, access_policy in _POLICIES.items():
            role = iam.Role(
                self,
                name,
                description=f"{name} of the cluster {cluster_name} in {stack.region}",
                assumed_by=iam.AccountRootPrincipal().with_conditions(
                    {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
                ),
            )
            iam.ManagedPolicy(
                self,
                f"{name}Policy",
                roles=[role],
                statements=[
                    # what `aws eks update-kubeconfig` asks for
                    iam.PolicyStatement(
                        actions=["eks:DescribeCluster"],
                        resources=[
                            stack.format_arn(service="eks", resource="cluster", resource_name=cluster_name)
                        ],
                    )
                ],
            )
            eks.AccessEntry(
                self,
                f"{name}Entry",
                cluster=cluster,
                principal=role.role_arn,
                access_policies=[
                    eks.AccessPolicy.from_access_policy_name(
                        access_policy, access_scope_type=eks.AccessScopeType.CLUSTER
                    )
                ],
            )
            CfnOutput(stack, f"{name}RoleArn", value=role.role_arn)
