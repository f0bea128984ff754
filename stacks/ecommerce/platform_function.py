"""A Lambda function of the platform: what all of them have in common."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.event_queue import may_send


class PlatformFunction(Construct):
    """Runs `handler` ("module.function") of the Python package `folder`, which may do `statements` and log.

    Exposes `function`, and `policy`, a managed policy to which more can be granted. `description` says what it is
    for; `timeout` is of one call. `key` is that of its logs and its environment. `failures`: the queue for an event
    that it failed on three times, or the sentence that says who learns of a failure without one. It runs outside of
    the VPC: it calls AWS alone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: Path,
        description: str,
        key: kms.IKey,
        failures: sqs.IQueue | str,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
        handler: str = "handler.handle",
        statements: Sequence[iam.PolicyStatement] = (),
        environment: Mapping[str, str] | None = None,
        timeout: Duration | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self, "Logs", encryption_key=key, retention=log_retention, removal_policy=removal_policy
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[role], statements=list(statements))
        group.grant_write(self.policy)
        queue = None if isinstance(failures, str) else failures
        if queue is not None:
            # what Lambda cannot hand over goes to the queue with the function's role
            may_send(self.policy, queue, key=key)
        self.function: lambda_.IFunction = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{folder.name}.{handler}",
            code=_package(folder),
            environment=dict(environment or {}),
            environment_encryption=key if environment else None,
            role=role.without_policy_updates(),
            log_group=group,
            memory_size=256,
            timeout=timeout or Duration.seconds(30),
            dead_letter_queue=queue,
        )
        # who calls it as soon as it is there finds it able to work
        self.function.node.add_dependency(self.policy)
        self._acknowledge(failures)

    def _acknowledge(self, failures: sqs.IQueue | str) -> None:
        acknowledge(
            self.function,
            "LambdaInsideVPC",
            "CKV_AWS_117",
            reason="It calls the APIs of AWS alone, over TLS and signed; a network interface would make it depend "
            "on a NAT gateway and give it a way to the card holders' data environment that it does not need.",
        )
        acknowledge(
            self.function,
            "NIST.800.53.R5-LambdaConcurrency",
            "CKV_AWS_115",
            reason="One event at a time calls it, or one that nobody waits for: a limit of its own would protect "
            "nobody, and an account whose quota is still the ten of a new one can reserve none (Lambda quotas).",
        )
        if isinstance(failures, str):
            acknowledge(self.function, "NIST.800.53.R5-LambdaDLQ", "CKV_AWS_116", reason=failures)


def _package(folder: Path) -> lambda_.Code:
    """The package and nothing beside it; a run leaves __pycache__ in it."""
    return lambda_.Code.from_asset(
        str(folder.parent),
        exclude=["*", f"!{folder.name}", f"{folder.name}/*", f"!{folder.name}/*.py"],
        ignore_mode=IgnoreMode.GIT,
    )
