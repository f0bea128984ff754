"""What is deployed, read back from the emulator as any AWS client would read it."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.site_versions import SiteVersions
from local.emulator.environment import ACCOUNT, REGION
from local.errors import LocalRunError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
"""The states of a stack that is as it was last asked to be."""


@dataclass(frozen=True)
class Task:
    """The container of a deployed task definition, with all that is needed to run it.

    `environment` holds the plain variables, `secrets` those whose values came from Secrets Manager;
    `stop_seconds` is the time between SIGTERM and SIGKILL.
    """

    revision: str
    image: str
    command: tuple[str, ...]
    environment: dict[str, str]
    secrets: dict[str, str]
    port: int
    memory_mib: int
    dropped_capabilities: tuple[str, ...]
    stop_seconds: int
    read_only: bool
    init: bool
    target_group: str
    health_path: str


class Deployed:
    """A view on the stacks behind an endpoint; every method asks anew."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._config = Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 2})

    @cached_property
    def _cloudformation(self) -> "CloudFormationClient":
        return boto3.client("cloudformation", **self._where)

    @cached_property
    def _ecs(self) -> "ECSClient":
        return boto3.client("ecs", **self._where)

    @cached_property
    def load_balancing(self) -> "ElasticLoadBalancingv2Client":
        """The load balancer's API, for registering targets."""
        return boto3.client("elbv2", **self._where)

    @cached_property
    def _secrets(self) -> "SecretsManagerClient":
        return boto3.client("secretsmanager", **self._where)

    @property
    def _where(self) -> dict[str, Any]:
        return {
            "endpoint_url": self.endpoint,
            "region_name": REGION,
            "aws_access_key_id": ACCOUNT,
            "aws_secret_access_key": "local",
            "config": self._config,
        }

    def site_versions(self, stack: str) -> SiteVersions:
        """The versions of a site's stack."""
        return SiteVersions(
            cloudformation=self._cloudformation, functions=boto3.client("lambda", **self._where), stack=stack
        )

    def account(self) -> str:
        """The account that the endpoint deploys to; raises `LocalRunError` when nothing AWS-like answers."""
        try:
            return boto3.client("sts", **self._where).get_caller_identity()["Account"]
        except (BotoCoreError, ClientError) as error:
            raise LocalRunError(
                f"ENDPOINT={self.endpoint}: no AWS emulator answers there: {error}"
            ) from error

    def stack_status(self, name: str) -> str | None:
        """The state of a stack, such as CREATE_COMPLETE; None when there is none."""
        try:
            return self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        except ClientError:
            return None

    def outputs(self, name: str) -> dict[str, str]:
        """The outputs of a stack; raises `LocalRunError` when there is none."""
        try:
            stack = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            raise LocalRunError(f"the stack {name} is not deployed at {self.endpoint}") from error
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def resources(self, name: str) -> list[tuple[str, str]]:
        """Logical id and type of each resource of a stack."""
        listed = self._cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        return [(r["LogicalResourceId"], r["ResourceType"]) for r in listed]

    def task(self, cluster: str, service: str) -> Task:
        """The task that the deployed service would run, and the target group it is registered in."""
        deployed = self._ecs.describe_services(cluster=cluster, services=[service])["services"][0]
        described = self._ecs.describe_task_definition(taskDefinition=deployed["taskDefinition"])
        definition = described["taskDefinition"]
        container = definition["containerDefinitions"][0]
        linux = container.get("linuxParameters", {})
        group = deployed["loadBalancers"][0]["targetGroupArn"]
        health = self.load_balancing.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]
        return Task(
            revision=definition["taskDefinitionArn"],
            image=container["image"],
            command=tuple(container["command"]),
            environment={e["name"]: e["value"] for e in container.get("environment", [])},
            secrets={s["name"]: self._secret(s["valueFrom"]) for s in container.get("secrets", [])},
            port=container["portMappings"][0]["containerPort"],
            memory_mib=int(definition["memory"]),
            dropped_capabilities=tuple(linux.get("capabilities", {}).get("drop", [])),
            stop_seconds=container.get("stopTimeout", 30),
            read_only=container.get("readonlyRootFilesystem", False),
            init=linux.get("initProcessEnabled", False),
            target_group=group,
            health_path=health["HealthCheckPath"],
        )

    def _secret(self, value_from: str) -> str:
        """The value that ECS would inject for `<secret ARN>[:<JSON key>:<stage>:<version>]`."""
        parts = value_from.split(":")
        text = self._secrets.get_secret_value(SecretId=":".join(parts[:7]))["SecretString"]
        key = parts[7] if len(parts) > 7 else ""
        return str(json.loads(text)[key]) if key else text


def port_of(endpoint: str) -> int:
    """The TCP port of an endpoint's URL."""
    url = urlsplit(endpoint)
    return url.port or (443 if url.scheme == "https" else 80)
