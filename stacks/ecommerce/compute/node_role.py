"""What a node may do at AWS by itself."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, managed_policy


class NodeRole(Construct):
    """A role for joining the cluster, pulling images, and handing out Pod Identity's credentials; nothing for pods.

    Addresses for pods are the CNI's own right (addons.py), not the node's. No Systems Manager: nobody signs in to a
    node, which has no shell (Bottlerocket) and is replaced, not repaired by hand. Exposes `role`, and `profile` for
    who launches instances without a node group.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKSWorkerNodePolicy"),
                iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEC2ContainerRegistryPullOnly"),
            ],
        )
        acknowledge(
            self.role,
            managed_policy("AmazonEKSWorkerNodePolicy"),
            managed_policy("AmazonEC2ContainerRegistryPullOnly"),
            reason='The two policies that "Amazon EKS node IAM role" asks for: they describe '
            "instances and the cluster, and read images; AWS changes them with EKS.",
        )
        self.profile = iam.CfnInstanceProfile(self, "Profile", roles=[self.role.role_name])
