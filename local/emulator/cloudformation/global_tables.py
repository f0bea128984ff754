"""AWS::DynamoDB::GlobalTable: a table in every region of `Replicas`, written in one and read in all.

ministack makes the table of the stack's own region and drops `Replicas`. Its DynamoDB API replicates (UpdateTable's
ReplicaUpdates), synchronously: last writer wins, and there is no delay.
"""

from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation.handlers import (
    Properties,
    Provisioned,
    ResourceError,
    table,
    wrap_provisioning,
)
from local.emulator.cloudformation.own_api import client

TYPE: Final = "AWS::DynamoDB::GlobalTable"


def _is(value: Any) -> bool:
    return str(value).lower() == "true"


def _settle(name: str, replica: Properties) -> None:
    """What a replica has of its own: protection, point-in-time recovery, tags."""
    dynamodb = client("dynamodb", replica["Region"])
    dynamodb.update_table(
        TableName=name, DeletionProtectionEnabled=_is(replica.get("DeletionProtectionEnabled", False))
    )
    recovery = replica.get("PointInTimeRecoverySpecification", {})
    if "PointInTimeRecoveryEnabled" in recovery:
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={
                "PointInTimeRecoveryEnabled": _is(recovery["PointInTimeRecoveryEnabled"])
            },
        )
    if replica.get("Tags"):
        arn = dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
        dynamodb.tag_resource(ResourceArn=arn, Tags=replica["Tags"])


def _replicate(proceed: Any, properties: Properties) -> Provisioned:
    replicas = {each["Region"]: each for each in properties["Replicas"]}
    home = internals.region()
    if home not in replicas:
        raise ResourceError(f"Replicas must contain the stack's own region, {home}")
    name, attributes = proceed()
    dynamodb = client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    there = {each["RegionName"] for each in table.get("Replicas", [])} | {home}
    changes = [{"Create": {"RegionName": region}} for region in sorted(set(replicas) - there)]
    changes += [{"Delete": {"RegionName": region}} for region in sorted(there - set(replicas))]
    if changes:
        dynamodb.update_table(TableName=name, ReplicaUpdates=changes)
    for replica in replicas.values():
        _settle(name, replica)
    table = dynamodb.describe_table(TableName=name)["Table"]
    known = {"Arn": table["TableArn"], "TableId": table["TableId"]}
    if "LatestStreamArn" in table:
        known["StreamArn"] = table["LatestStreamArn"]
    return name, {**attributes, **known}


def _protected(name: str, region: str) -> bool:
    """Whether there is such a table in the region, and it is protected against deletion."""
    try:
        found = client("dynamodb", region).describe_table(TableName=name)["Table"]
    except client("dynamodb", region).exceptions.ResourceNotFoundException:
        return False
    return bool(found.get("DeletionProtectionEnabled"))


def _delete_replica(name: str, region: str) -> None:
    try:
        client("dynamodb", region).delete_table(TableName=name)
    except client("dynamodb", region).exceptions.ResourceNotFoundException:
        return


def install() -> None:
    """Wrap ministack's handler."""
    wrap_provisioning(TYPE, _replicate, blocking=True)
    entry = table()[TYPE]
    delete = entry["delete"]

    def delete_everywhere(name: str, properties: Properties) -> None:
        regions = [str(each["Region"]) for each in properties["Replicas"]]
        protected = [region for region in regions if _protected(name, region)]
        if protected:
            raise ResourceError(
                f"Resource cannot be deleted as it is currently protected against deletion: table {name} in"
                f" {', '.join(protected)}. Disable deletion protection first."
            )
        for region in regions:
            if region != internals.region():
                _delete_replica(name, region)
        delete(name, properties)

    table()[TYPE] = {**entry, "delete": delete_everywhere}
