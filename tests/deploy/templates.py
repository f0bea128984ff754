"""Templates written in a test, deployed through CloudFormation's API, which is faster than the CLI."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import ClientError

from tests.deploy.emulator_process import EmulatorProcess

PRIMARY, SECONDARY, TERTIARY = REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-1")
ACCOUNT = "000000000000"
NOBODY = {"Version": "2012-10-17", "Statement": []}
"""A policy document without a statement."""
_LIMIT_S = 60.0

Resource = Mapping[str, Any]


class StackError(Exception):
    """A stack that could not be deployed or deleted; the message has the reasons of its events."""


def client(emulator: EmulatorProcess, service: str, region: str = PRIMARY) -> Any:
    """A boto3 client of the emulator in a region."""
    return boto3.client(  # type: ignore[call-overload]  # the service is a variable here
        service,
        endpoint_url=emulator.endpoint,
        region_name=region,
        aws_access_key_id=emulator.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=emulator.env["AWS_SECRET_ACCESS_KEY"],
    )


def resource(kind: str, **properties: Any) -> Resource:
    """A template's resource."""
    return {"Type": kind, "Properties": properties}


def ref(name: str) -> dict[str, str]:
    """Ref."""
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    """Fn::GetAtt."""
    return {"Fn::GetAtt": [name, attribute]}


def _settled(cloudformation: Any, name: str) -> Any:
    """The stack once it is at rest; None when it is gone."""
    limit = time.monotonic() + _LIMIT_S
    while time.monotonic() < limit:
        try:
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError:
            return None
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(0.05)
    raise StackError(f"{name} is still at work after {_LIMIT_S:.0f} s")


def _template(resources: Mapping[str, Resource], outputs: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: {"Value": value} for name, value in outputs.items()}
    return {"Resources": resources, "Outputs": shown}


def _deploy(
    emulator: EmulatorProcess, region: str, name: str, template: dict[str, Any], *, update: bool
) -> dict[str, str]:
    cloudformation = client(emulator, "cloudformation", region)
    ask = cloudformation.update_stack if update else cloudformation.create_stack
    ask(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"])
    stack = _settled(cloudformation, name)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [e.get("ResourceStatusReason", "") for e in events if "FAILED" in e["ResourceStatus"]]
        raise StackError(f"{name} in {region}: {stack['StackStatus']}: {'; '.join(reasons)}")
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


class Stacks:
    """The stacks of one test, deleted after it in reverse order."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        """`emulator` is running."""
        self._emulator = emulator
        self._made: list[tuple[str, str]] = []

    def create(
        self, name: str, resources: Mapping[str, Resource], region: str = PRIMARY, **outputs: Any
    ) -> dict[str, str]:
        """Deploy a template; return its outputs. Raises StackError."""
        self._made.append((region, name))
        return _deploy(self._emulator, region, name, _template(resources, outputs), update=False)

    def update(
        self, name: str, resources: Mapping[str, Resource], region: str = PRIMARY, **outputs: Any
    ) -> dict[str, str]:
        """Deploy another template to a stack; return its outputs. Raises StackError."""
        return _deploy(self._emulator, region, name, _template(resources, outputs), update=True)

    def delete(self, name: str, region: str = PRIMARY) -> None:
        """Delete a stack. Raises StackError."""
        cloudformation = client(self._emulator, "cloudformation", region)
        cloudformation.delete_stack(StackName=name)
        stack = _settled(cloudformation, name)
        if stack is not None:
            raise StackError(f"{name} in {region}: {stack['StackStatus']}: {stack.get('StackStatusReason')}")
        self._made = [made for made in self._made if made != (region, name)]

    def delete_all(self) -> None:
        """Delete what is left."""
        for region, name in reversed(list(self._made)):
            self.delete(name, region)


@contextmanager
def stacks(emulator: EmulatorProcess) -> Iterator[Stacks]:
    """Stacks that are gone afterwards."""
    made = Stacks(emulator)
    yield made
    made.delete_all()
