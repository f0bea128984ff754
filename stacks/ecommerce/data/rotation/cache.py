"""Rotates the password of an ElastiCache user.

A user may have two ("Role-Based Access Control (RBAC)"): the one before stays valid until the next rotation, so
that pods that have not read the new one are not shut out.
"""

import os
import time
from collections.abc import Mapping
from typing import Any

from .steps import RotationError, rotate

_PATIENCE = 240
_PAUSE = 5


class CacheUser:
    """The user of the id `identifier`; `elasticache`: a client."""

    def __init__(
        self, elasticache: Any, identifier: str, *, patience: float = _PATIENCE, pause: float = _PAUSE
    ) -> None:
        self._elasticache = elasticache
        self._identifier = identifier
        self._patience = patience
        self._pause = pause

    def set_password(self, *, current: str, pending: str) -> None:
        self._elasticache.modify_user(
            UserId=self._identifier,
            AuthenticationMode={"Type": "password", "Passwords": [current, pending]},
        )

    def wait_until_set(self) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            (found,) = self._elasticache.describe_users(UserId=self._identifier)["Users"]
            if found["Status"] == "active":
                return
            if time.monotonic() > deadline:
                raise RotationError(
                    f"user {self._identifier} is {found['Status']} and has not taken its password"
                )
            time.sleep(self._pause)


def handle(event: Mapping[str, str], context: object) -> None:  # noqa: ARG001
    """Called by Secrets Manager."""
    import boto3

    rotate(
        event,
        manager=boto3.client("secretsmanager"),
        target=CacheUser(boto3.client("elasticache"), os.environ["TARGET"]),
    )
