"""A Lambda function of the security layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge

_CODE: Final = Path(__file__).parent / "functions"


class SecretFunction(Construct):
    """Runs `module`.handle of security/functions. Exposes `function`, and `policy` to grant to."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        module: str,
        description: str,
        environment: Mapping[str, str] | None = None,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self, "Logs", encryption_key=log_key, retention=log_retention, removal_policy=removal_policy
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[role])
        group.grant_write(self.policy)
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{module}.handle",
            code=lambda_.Code.from_asset(str(_CODE), exclude=["__pycache__"]),
            environment=dict(environment or {}),
            environment_encryption=log_key if environment else None,
            role=role.without_policy_updates(),
            log_group=group,
            memory_size=256,
            timeout=Duration.seconds(30),
            reserved_concurrent_executions=1,
        )
        self.function.node.add_dependency(self.policy)
        acknowledge(
            self.function,
            "LambdaInsideVPC",
            reason="It calls Secrets Manager alone, over TLS and with its own role, and nothing in the VPC: "
            "there it "
            "would have a way to the databases that it does not need.",
        )
        acknowledge(
            self.function,
            "NIST.800.53.R5-LambdaDLQ",
            reason="It is called again, by Secrets Manager or the next day's schedule; what stays away is an "
            "alarm, and "
            "its event holds nothing that would have to be kept.",
        )
