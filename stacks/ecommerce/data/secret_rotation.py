"""Lets Secrets Manager change a password every month."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from aws_cdk import Aws, Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct, IDependable

from stacks.ecommerce.acknowledged import acknowledge

# PCI DSS 8.2.4 asks for 90 days at the most. At night of the Americas, when the fewest buy; UTC.
_SCHEDULE: Final = "cron(0 8 1 * ? *)"
_WINDOW: Final = "2h"


class SecretRotation(Construct):
    """A function of stacks/ecommerce/data/rotation and its schedule.

    Ours and not Secrets Manager's template functions: those come by a transform of the whole template, which needs
    AWS to be read at all, and the database's would need a way into its network (docs/decisions/0014).

    `kind`: the module. `target`: what it takes from the environment: the identifier of the instance or the user.
    `may`: what it may do with it. `after`: what has to be there before the first rotation.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        kind: Literal["database", "cache"],
        target: str,
        secret: secretsmanager.ISecret,
        key: kms.IKey,
        operations_key: kms.IKey,
        may: Sequence[iam.PolicyStatement],
        after: IDependable,
        log_retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=operations_key,
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,  # about the stack, and no data
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=[
                        "secretsmanager:DescribeSecret",
                        "secretsmanager:GetSecretValue",
                        "secretsmanager:PutSecretValue",
                        "secretsmanager:UpdateSecretVersionStage",
                    ],
                    resources=[secret.secret_arn],
                ),
                iam.PolicyStatement(
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[key.key_arn],
                    conditions={
                        "StringEquals": {"kms:ViaService": f"secretsmanager.{Aws.REGION}.{Aws.URL_SUFFIX}"}
                    },
                ),
                *may,
            ],
        )
        group.grant_write(policy)
        function = lambda_.Function(
            self,
            "Function",
            description=f"Rotates the password of the {kind}",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"rotation.{kind}.handle",
            code=_code(),
            environment={"TARGET": target},
            role=role.without_policy_updates(),
            log_group=group,
            memory_size=256,
            timeout=Duration.minutes(5),
        )
        called = lambda_.CfnPermission(
            self,
            "MayBeCalled",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="secretsmanager.amazonaws.com",
            # The account and not the secret's ARN, of which no page says that it is sent.
            source_account=Aws.ACCOUNT_ID,
        )
        schedule = secretsmanager.CfnRotationSchedule(
            self,
            "Schedule",
            secret_id=secret.secret_arn,
            rotation_lambda_arn=function.function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                schedule_expression=_SCHEDULE, duration=_WINDOW
            ),
            # Not while the stack is made: what would fail it is what has only just been made.
            rotate_immediately_on_update=False,
        )
        schedule.node.add_dependency(called, policy, after)
        acknowledge(
            function,
            "LambdaConcurrency",
            "LambdaDLQ",
            reason="Secrets Manager alone calls it, one step after the other, and itself retries a step that fails "
            "and reports it as an event; a reserve for it would be taken from a small account's ten.",
        )
        acknowledge(
            function,
            "LambdaInsideVPC",
            reason="It calls two services of AWS over TLS and nothing of the network; from inside, each rotation "
            "would depend on a NAT gateway and gain a way to the database that it does not need.",
        )


def _code() -> lambda_.Code:
    """The folder `rotation` with its Python files and no __pycache__."""
    return lambda_.Code.from_asset(
        str(Path(__file__).parent),
        exclude=["*", "!rotation", "rotation/*", "!rotation/*.py"],
        ignore_mode=IgnoreMode.GIT,
    )
