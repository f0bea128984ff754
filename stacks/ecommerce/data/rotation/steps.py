"""The four steps of a rotation: "Rotation by Lambda function", AWS Secrets Manager User Guide.

Each may be called again after it succeeded or failed half-way, and then does what is left to do.
"""

import json
import secrets
import string
from collections.abc import Mapping
from typing import Any, Protocol

_LETTERS_AND_DIGITS = string.ascii_letters + string.digits
PASSWORD_LENGTH = 48


class RotationError(RuntimeError):
    """Secrets Manager asks for what cannot be; it reports the message and keeps the password that is."""


class Target(Protocol):
    """What the password opens."""

    def set_password(self, *, current: str, pending: str) -> None:
        """Let `pending` open it; `current` may go on to, if it can."""

    def wait_until_set(self) -> None:
        """Return when the new password is valid; raises RotationError when it takes too long."""


def rotate(event: Mapping[str, str], *, manager: Any, target: Target) -> None:
    """Do the step that `event` names; `manager`: a client of Secrets Manager. Raises RotationError."""
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    stages = _stages(manager, secret, token)
    if "AWSCURRENT" in stages:
        return  # a late call for a version that has been finished
    if step == "createSecret":
        _create(manager, secret, token)
    elif step == "setSecret":
        target.set_password(
            current=_value(manager, secret)["password"], pending=_value(manager, secret, token)["password"]
        )
    elif step == "testSecret":
        target.wait_until_set()
    elif step == "finishSecret":
        _finish(manager, secret, token)
    else:
        raise RotationError(f"{step[:40]!r} is no step of a rotation")


def _stages(manager: Any, secret: str, token: str) -> list[str]:
    """The staging labels of the version `token`."""
    described = manager.describe_secret(SecretId=secret)
    if not described.get("RotationEnabled"):
        raise RotationError(f"secret {secret} is not to be rotated")
    stages: list[str] = described.get("VersionIdsToStages", {}).get(token, [])
    if "AWSCURRENT" not in stages and "AWSPENDING" not in stages:
        raise RotationError(f"version {token} of secret {secret} is neither current nor pending")
    return stages


def _value(manager: Any, secret: str, token: str | None = None) -> dict[str, str]:
    """The current value, or with `token` the pending one."""
    which = {"VersionId": token, "VersionStage": "AWSPENDING"} if token else {"VersionStage": "AWSCURRENT"}
    value: dict[str, str] = json.loads(manager.get_secret_value(SecretId=secret, **which)["SecretString"])
    return value


def _create(manager: Any, secret: str, token: str) -> None:
    current = _value(manager, secret)
    try:
        _value(manager, secret, token)
    except manager.exceptions.ResourceNotFoundException:
        password = "".join(secrets.choice(_LETTERS_AND_DIGITS) for _ in range(PASSWORD_LENGTH))
        manager.put_secret_value(
            SecretId=secret,
            ClientRequestToken=token,
            SecretString=json.dumps({**current, "password": password}),
            VersionStages=["AWSPENDING"],
        )


def _finish(manager: Any, secret: str, token: str) -> None:
    versions = manager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    before = next(version for version, stages in versions.items() if "AWSCURRENT" in stages)
    manager.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=before
    )
