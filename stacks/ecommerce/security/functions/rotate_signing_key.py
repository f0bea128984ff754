"""Secrets Manager's four steps for a key that the shop alone makes and uses: nothing outside has to be told.

"Lambda function for rotation", AWS Secrets Manager User Guide. Each step can be repeated, as Secrets Manager does
after a failure. Readers sign with AWSCURRENT and accept AWSPREVIOUS too, until the next rotation.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

import boto3

KEY_BYTES: Final = 32


class RotationError(Exception):
    """This version cannot be rotated to; the message says why, and holds nothing of the key."""


def handle(event: Mapping[str, str], context: object) -> None:
    """One step: {"Step": …, "SecretId": ARN, "ClientRequestToken": the new version's id}. Raises RotationError."""
    del context
    rotate(boto3.client("secretsmanager"), event["SecretId"], event["ClientRequestToken"], event["Step"])


def rotate(client: Any, secret: str, version: str, step: str) -> None:
    """The step `step` for `version` of `secret`. Raises RotationError."""
    described = client.describe_secret(SecretId=secret)
    if not described.get("RotationEnabled"):
        raise RotationError(f"rotation of {secret} is off")
    stages: Mapping[str, list[str]] = described.get("VersionIdsToStages", {})
    if version not in stages:
        raise RotationError(f"version {version} of {secret} is not there")
    if "AWSCURRENT" in stages[version]:
        return  # an earlier attempt got through
    if "AWSPENDING" not in stages[version]:
        raise RotationError(f"version {version} of {secret} is not pending")
    match step:
        case "createSecret":
            _create(client, secret, version)
        case "setSecret":
            pass  # nobody but the readers of the secret knows the key
        case "testSecret":
            _test(client, secret, version)
        case "finishSecret":
            current = next((each for each, labels in stages.items() if "AWSCURRENT" in labels), None)
            _finish(client, secret, version, current)
        case _:
            raise RotationError(f"step {step!r} is not known")


def _create(client: Any, secret: str, version: str) -> None:
    try:
        client.get_secret_value(SecretId=secret, VersionId=version, VersionStage="AWSPENDING")
    except client.exceptions.ResourceNotFoundException:
        client.put_secret_value(
            SecretId=secret,
            ClientRequestToken=version,
            SecretString=json.dumps({"key": secrets.token_hex(KEY_BYTES)}),
            VersionStages=["AWSPENDING"],
        )


def _test(client: Any, secret: str, version: str) -> None:
    pending = _key(client.get_secret_value(SecretId=secret, VersionId=version, VersionStage="AWSPENDING"))
    if len(pending) != KEY_BYTES:
        raise RotationError(f"version {version} of {secret} is no key of {KEY_BYTES} bytes")
    current = client.get_secret_value(SecretId=secret, VersionStage="AWSCURRENT")
    if secrets.compare_digest(pending, _key(current)):
        raise RotationError(f"version {version} of {secret} is the current key once more")


def _finish(client: Any, secret: str, version: str, current: str | None) -> None:
    moved = {"RemoveFromVersionId": current} if current else {}
    client.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=version, **moved
    )


def _key(answer: Mapping[str, str]) -> bytes:
    """The key in a secret's text; no key is shorter than any. What was generated at first is no hexadecimal
    text."""
    try:
        return bytes.fromhex(json.loads(answer["SecretString"])["key"])
    except (KeyError, TypeError, ValueError):
        return b""
