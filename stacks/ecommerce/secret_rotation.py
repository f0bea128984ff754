"""Lets Secrets Manager change every month what is ours to change."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct, IDependable

from stacks.ecommerce.platform_function import PlatformFunction

# PCI DSS 8.2.4 asks for 90 days at the most. At night of the Americas, when the fewest buy; UTC.
_SCHEDULE: Final = "cron(0 8 1 * ? *)"
_WINDOW: Final = "2h"


class SecretRotation(Construct):
    """A function, `handler` of the package `folder`, that renews `secret`, and its schedule.

    Ours and not Secrets Manager's template functions: those come by a transform of the whole template, which needs
    AWS to be read at all, and the database's would need a way into its network (docs/decisions/0014).

    `of`: what the secret is. `key`: the secret's. `target`: what it opens, which the function takes from the
    environment: an identifier; None if nothing has to be told. `may`: what the function may do with it. `after`:
    what has to be there before the first rotation. `at_once`: rotate while the stack is made, too.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: Path,
        handler: str,
        of: str,
        secret: secretsmanager.ISecret,
        key: kms.IKey,
        operations_key: kms.IKey,
        at_once: bool,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
        target: str | None = None,
        may: Sequence[iam.PolicyStatement] = (),
        after: Sequence[IDependable] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        function = PlatformFunction(
            self,
            "Rotator",
            folder=folder,
            handler=handler,
            description=f"Rotates the {of}",
            environment={"TARGET": target} if target else None,
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
            key=operations_key,
            failures="Secrets Manager alone calls it, one step after the other, and itself retries a step that "
            "fails and reports it as an event, which holds nothing that would have to be kept.",
            timeout=Duration.minutes(5),
            log_retention=log_retention,
            removal_policy=removal_policy,
        ).function
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
            rotate_immediately_on_update=at_once,
        )
        schedule.node.add_dependency(called, function, *after)
