"""The outputs of deployed stacks: asked of CloudFormation, or read from what `cdk deploy --outputs-file` wrote."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.errors import RefusedError
from deploy.preflight import PATIENCE, Target


def of(stack: str, where: Target) -> Mapping[str, str] | None:
    """The outputs of `stack`; None if there is no such stack, or none that was ever made whole.

    Raises `RefusedError` if these credentials may not see it.
    """
    client = boto3.Session().client("cloudformation", region_name=where.region, config=PATIENCE)
    try:
        return read(client, stack) or None  # REVIEW_IN_PROGRESS, a failed first deploy: nothing to look at
    except BotoCoreError as error:
        raise RefusedError(f"{stack}: its outputs cannot be read: {error}") from error


def read(cloudformation: Any, stack: str) -> Mapping[str, str] | None:
    """All outputs of `stack` by boto3's client, which may be none; None if there is no such stack.

    Raises `RefusedError` if these credentials may not see it, and BotoCoreError.
    """
    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise RefusedError(f"{stack}: its outputs cannot be read: {error}") from error
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def written(path: Path) -> Mapping[str, Mapping[str, str]]:
    """All of a file of outputs, by stack. Raises `RefusedError` if it is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or f"is no JSON: {error}"
        raise RefusedError(
            f"--outputs-file {path}: {reason}; name the file of `cdk deploy --outputs-file`"
        ) from error
    if not isinstance(told, dict) or not all(isinstance(each, dict) for each in told.values()):
        raise RefusedError(
            f"--outputs-file {path}: holds no outputs by stack; name the file of `cdk deploy --outputs-file`"
        )
    return told
