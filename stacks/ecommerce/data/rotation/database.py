"""Rotates the master password of an RDS instance, by RDS itself: no way to the database is needed, and no driver.

The old password ends when the new one begins. Connections that are open stay; who opens one has to read anew.
"""

import os
import time
from collections.abc import Mapping
from typing import Any

from .steps import RotationError, rotate

# RDS sets a password within a minute or two; Lambda ends the function after five.
_PATIENCE = 240
_PAUSE = 5


class DatabaseInstance:
    """The instance `identifier`; `rds`: a client."""

    def __init__(
        self, rds: Any, identifier: str, *, patience: float = _PATIENCE, pause: float = _PAUSE
    ) -> None:
        self._rds = rds
        self._identifier = identifier
        self._patience = patience
        self._pause = pause

    def set_password(self, *, current: str, pending: str) -> None:  # noqa: ARG002
        self._rds.modify_db_instance(
            DBInstanceIdentifier=self._identifier, MasterUserPassword=pending, ApplyImmediately=True
        )

    def wait_until_set(self) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            (found,) = self._rds.describe_db_instances(DBInstanceIdentifier=self._identifier)["DBInstances"]
            waiting = "MasterUserPassword" in found.get("PendingModifiedValues", {})
            if found["DBInstanceStatus"] == "available" and not waiting:
                return
            if time.monotonic() > deadline:
                raise RotationError(
                    f"database {self._identifier} is {found['DBInstanceStatus']} and has not set its password"
                )
            time.sleep(self._pause)


def handle(event: Mapping[str, str], context: object) -> None:  # noqa: ARG001
    """Called by Secrets Manager."""
    import boto3

    rotate(
        event,
        manager=boto3.client("secretsmanager"),
        target=DatabaseInstance(boto3.client("rds"), os.environ["TARGET"]),
    )
