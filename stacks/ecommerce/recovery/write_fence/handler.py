"""Fences a PostgreSQL instance off, or lets it take writes again: a step of the Region Switch plan.

A failover that promotes the other region's replica while this region's writer still answers would leave two
databases that both take orders. Before the promotion this one is therefore told to begin every transaction
read-only (`default_transaction_read_only`, "Runtime Configuration: Client Connection Defaults" of PostgreSQL),
which holds for open connections too and needs no restart. Region Switch passes over the step in an ungraceful
execution, when there is no region left to ask.
"""

import os
import time
from typing import Any

import boto3

_PARAMETER = "default_transaction_read_only"
_READ_ONLY = {"fence": "1", "release": "0"}
_WAIT_SECONDS = 5.0


class FenceError(RuntimeError):
    """The instance could not be fenced or released, and the plan has to stop."""


def fence(_event: object, context: Any) -> dict[str, str]:
    """Let no more transaction write. Idempotent. Raises FenceError if it is not in force in the function's time."""
    return _apply("fence", context)


def release(_event: object, context: Any) -> dict[str, str]:
    """Let transactions write again. Idempotent. Raises FenceError likewise."""
    return _apply("release", context)


def _apply(action: str, context: Any) -> dict[str, str]:
    database = os.environ["DATABASE"]
    rds = boto3.client("rds")
    rds.modify_db_parameter_group(
        DBParameterGroupName=_parameter_group(rds, database)["DBParameterGroupName"],
        Parameters=[
            {
                "ParameterName": _PARAMETER,
                "ParameterValue": _READ_ONLY[action],
                "ApplyMethod": "immediate",
            }
        ],
    )
    # The change is applied by the instance some seconds later, and only then is it safe to promote another.
    while _parameter_group(rds, database)["ParameterApplyStatus"] != "in-sync":
        if context.get_remaining_time_in_millis() < 2000 * _WAIT_SECONDS:
            raise FenceError(f"{action} of {database} is not in force yet; run the step again")
        time.sleep(_WAIT_SECONDS)
    print(f"{action}: {database} begins transactions with {_PARAMETER}={_READ_ONLY[action]}")
    return {"database": database, "action": action}


def _parameter_group(rds: Any, database: str) -> dict[str, str]:
    (instance,) = rds.describe_db_instances(DBInstanceIdentifier=database)["DBInstances"]
    group: dict[str, str] = instance["DBParameterGroups"][0]
    if group["DBParameterGroupName"].startswith("default."):
        raise FenceError(f"{database} has RDS' default parameter group, which cannot be changed")
    return group
