"""A Python function of the operations layer: small, in no network, with a log group of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypedDict

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.operations.event_queue import may_send

_FOLDER: Final = Path(__file__).parent


class Kept(TypedDict):
    """What becomes of a construct's logs, to be handed on as it is."""

    log_retention: logs.RetentionDays
    removal_policy: RemovalPolicy


class OperationsFunction(Construct):
    """Runs `handler.handle` of the folder `code`; exposes `function`, and `policy` to grant more to.

    `undelivered`: where an event goes that it failed on three times.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        description: str,
        code: Path,
        environment: Mapping[str, str],
        key: kms.IKey,
        undelivered: sqs.IQueue,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self, "Logs", encryption_key=key, retention=log_retention, removal_policy=removal_policy
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[role])
        group.grant_write(self.policy)
        # what Lambda cannot hand over goes to the queue with the function's role
        may_send(self.policy, undelivered, key=key)
        self.function: lambda_.IFunction = lambda_.Function(
            self,
            "Function",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="handler.handle",
            code=lambda_.Code.from_asset(str(code), exclude=["__pycache__", "*.pyc"]),
            environment=dict(environment),
            environment_encryption=key,
            role=role.without_policy_updates(),
            log_group=group,
            memory_size=128,
            timeout=Duration.seconds(30),
            dead_letter_queue=undelivered,
        )
        acknowledge(
            self.function,
            "LambdaInsideVPC",
            reason="It reaches nothing inside a network, and outside of one it cannot be reached from the card "
            "holders' data environment either.",
        )
        acknowledge(
            self.function,
            "NIST.800.53.R5-LambdaConcurrency",
            reason="It is called without waiting for it, so a limit of its own would protect nobody, and an "
            "account whose quota is still the ten of a new one can reserve none (Lambda quotas).",
        )
