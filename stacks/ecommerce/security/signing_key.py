"""The key with which the shop signs what it has to recognize again, renewed by a function of our own."""

from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce.security.secret_function import SecretFunction

ROTATION: Final = Duration.days(30)


class Rotation(Construct):
    """Renews `secret`, encrypted with `key`, every 30 days; see functions/rotate_signing_key.py."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secret: secretsmanager.Secret,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        rotator = SecretFunction(
            self,
            "Rotator",
            module="rotate_signing_key",
            description="Renews the key with which the shop signs",
            log_retention=log_retention,
            log_key=log_key,
            removal_policy=removal_policy,
        )
        rotator.policy.add_statements(
            iam.PolicyStatement(
                actions=[
                    f"secretsmanager:{action}"
                    for action in (
                        "DescribeSecret",
                        "GetSecretValue",
                        "PutSecretValue",
                        "UpdateSecretVersionStage",
                    )
                ],
                resources=[secret.secret_arn],
            ),
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[key.key_arn],
                conditions={
                    "StringEquals": {
                        "kms:ViaService": f"secretsmanager.{Stack.of(self).region}.amazonaws.com"
                    }
                },
            ),
        )
        rotator.function.add_permission(
            "SecretsManager",
            principal=iam.ServicePrincipal("secretsmanager.amazonaws.com"),
            source_account=Aws.ACCOUNT_ID,
            source_arn=secret.secret_arn,
        )
        schedule = secretsmanager.CfnRotationSchedule(
            self,
            "Schedule",
            secret_id=secret.secret_arn,
            rotation_lambda_arn=rotator.function.function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                automatically_after_days=int(ROTATION.to_days())
            ),
            # the generated value is replaced at once by a key of the right form
            rotate_immediately_on_update=True,
        )
        schedule.node.add_dependency(rotator)
