"""A Lambda function of the platform: what all of them have in common."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge


class PlatformFunction(Construct):
    """The Python package `folder`, whose `handler.handle` Lambda calls, allowed to do `statements` and to log.

    Exposes `function`, and `policy`, a managed policy to which more can be granted. `description` says what it is
    for; `timeout` is of one call. It runs outside of the VPC: it calls AWS alone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: Path,
        description: str,
        statements: Sequence[iam.PolicyStatement],
        environment: Mapping[str, str],
        timeout: Duration,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
        name: str | None = None,
        handler: str = "handle",
    ) -> None:
        super().__init__(scope, construct_id)
        group = logs.LogGroup(
            self, "Logs", retention=log_retention, encryption_key=log_key, removal_policy=removal_policy
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[role], statements=list(statements))
        group.grant_write(self.policy)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"{folder.name}.handler.{handler}",
            code=_package(folder),
            environment=dict(environment),
            role=role.without_policy_updates(),
            log_group=group,
            memory_size=256,
            timeout=timeout,
        )
        acknowledge(
            self.function,
            "LambdaInsideVPC",
            reason="It calls the APIs of AWS alone, over TLS and signed; a network interface would give it a way "
            "to the shop's databases that it does not need.",
        )
        acknowledge(
            self.function,
            "NIST.800.53.R5-LambdaConcurrency",
            "NIST.800.53.R5-LambdaDLQ",
            reason="It is called synchronously, once for a deploy or a recovery: the caller sees each failure, "
            "and a reserved concurrency would take from the account's.",
        )


def _package(folder: Path) -> lambda_.Code:
    """The package and nothing beside it; a run leaves __pycache__ in it."""
    return lambda_.Code.from_asset(
        str(folder.parent),
        exclude=["*", f"!{folder.name}", f"{folder.name}/*", f"!{folder.name}/*.py"],
        ignore_mode=IgnoreMode.GIT,
    )
