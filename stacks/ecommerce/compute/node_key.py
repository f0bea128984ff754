"""The key of the nodes' disks."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge


class NodeKey(Construct):
    """A key that EC2 may use for whoever launches nodes: Auto Scaling for the groups, `launchers` for Karpenter.

    A key of its own, as what launches a node needs the right to use its disk's key, and shall have none to the key
    of customers' data. Exposes `key`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, region: str, launchers: list[iam.IRole]
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description="Disks of the e-commerce platform's nodes",
            enable_key_rotation=True,
            # A node's disk ends with the node: nothing is lost with the key.
            removal_policy=RemovalPolicy.DESTROY,
        )
        # By condition and not as principals: a key policy may only name roles that exist, and Auto Scaling and Spot
        # make theirs with the account's first group ("Service-linked roles", and "Required AWS KMS key policy for
        # use with encrypted volumes" of Amazon EC2 Auto Scaling, which asks for these actions).
        service_roles = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/aws-service-role"
        own = {
            "StringEquals": {
                "kms:CallerAccount": Aws.ACCOUNT_ID,
                "kms:ViaService": f"ec2.{region}.amazonaws.com",
            },
            "ArnEquals": {
                "aws:PrincipalArn": [
                    f"{service_roles}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
                    f"{service_roles}/ec2fleet.amazonaws.com/AWSServiceRoleForEC2Fleet",
                    f"{service_roles}/spot.amazonaws.com/AWSServiceRoleForEC2Spot",
                    *(role.role_arn for role in launchers),
                ]
            },
        }
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="LaunchNodes",
                principals=[iam.AnyPrincipal()],
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey*",
                    "kms:ReEncrypt*",
                ],
                resources=["*"],
                conditions=own,
            )
        )
        acknowledge(
            self.key,
            "CKV_AWS_33",
            reason="Any principal is anyone of this account whom the condition names: by name a key policy takes "
            "only roles that exist, and Auto Scaling and Spot make theirs later.",
        )
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AttachDisks",
                principals=[iam.AnyPrincipal()],
                actions=["kms:CreateGrant"],
                resources=["*"],
                conditions={**own, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            )
        )
