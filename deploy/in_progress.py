"""Lets an earlier deploy of a stack end before the next one begins."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.preflight import PATIENCE, Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_POLL_SECONDS: Final = 2.0


def wait(stacks: Iterable[str], where: Target) -> None:
    """Wait until CloudFormation is done with each of `stacks`, and say so.

    After Ctrl-C it goes on by itself. The CDK CLI compares templates alone: it would report "no changes"
    about a stack that is half made, and that may still fail.
    """
    client = boto3.Session().client("cloudformation", region_name=where.region, config=PATIENCE)
    for stack in stacks:
        told = ""
        while (status := _status(client, stack)).endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS":
            if status != told:
                print(f"{stack} is {status}, from an earlier command: waiting for its end", flush=True)
                told = status
            time.sleep(_POLL_SECONDS)


def _status(client: "CloudFormationClient", stack: str) -> str:
    """The stack's status; empty if there is none, or if these credentials may not see it (the CLI's may)."""
    try:
        return client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except (ClientError, BotoCoreError):
        return ""
