"""By which API Gateway may write logs at all: one role for an account and region."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, acknowledge_wildcards


class ApiLoggingRole(Construct):
    """The role in API Gateway's settings of this account and region.

    Other APIs of the account log by it too, so where `removal_policy` keeps, it outlives the stack. Exposes
    `settings`, on which a stage with logs has to wait.
    """

    def __init__(self, scope: Construct, construct_id: str, *, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                # "Permissions for CloudWatch logging"; API Gateway refuses a role that has less.
                iam.PolicyStatement(
                    actions=[
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:DescribeLogGroups",
                        "logs:DescribeLogStreams",
                        "logs:FilterLogEvents",
                        "logs:GetLogEvents",
                        "logs:PutLogEvents",
                    ],
                    resources=["*"],
                )
            ],
        )
        acknowledge_wildcards(
            policy,
            ["*"],
            reason="API Gateway takes no role that may write to some log groups only: it is one for all APIs of "
            "account and region.",
        )
        acknowledge(
            policy,
            "CKV_AWS_111",
            reason="API Gateway takes no role that may write to some log groups only; it writes logs, no more.",
        )
        self.settings = apigateway.CfnAccount(self, "Settings", cloud_watch_role_arn=role.role_arn)
        self.settings.node.add_dependency(policy)
        for kept in (role, policy, self.settings):
            kept.apply_removal_policy(removal_policy)
