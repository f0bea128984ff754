"""AWS::KMS::ReplicaKey: a replica with the primary's key material, through ReplicateKey.

What was encrypted with one decrypts with the other. ministack has the API, but not the resource type.
"""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.emulator import internals
from local.emulator.cloudformation.handlers import (
    Handler,
    Properties,
    Provisioned,
    ResourceError,
    register,
)
from local.emulator.cloudformation.own_api import client

TYPE = "AWS::KMS::ReplicaKey"


def _policy(properties: Properties) -> str:
    policy = properties["KeyPolicy"]
    return policy if isinstance(policy, str) else json.dumps(policy)


def _tags(properties: Properties) -> list[dict[str, str]]:
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags") or []]


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    primary = str(properties["PrimaryKeyArn"])
    home = primary.split(":")[3]
    try:
        made: dict[str, Any] = client("kms", home).replicate_key(
            KeyId=primary,
            ReplicaRegion=internals.region(),
            Policy=_policy(properties),
            Description=properties.get("Description", ""),
            Tags=_tags(properties),
        )["ReplicaKeyMetadata"]
    except ClientError as error:
        raise ResourceError(f"{primary}: {error.response['Error']['Message']}") from error
    return made["KeyId"], {"KeyId": made["KeyId"], "Arn": made["Arn"]}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
    if old["PrimaryKeyArn"] != new["PrimaryKeyArn"]:
        return _create(logical_id, new, stack)
    kms = client("kms")
    kms.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=_policy(new))
    kms.update_key_description(KeyId=physical_id, Description=new.get("Description", ""))
    kms.tag_resource(KeyId=physical_id, Tags=_tags(new))
    arn = kms.describe_key(KeyId=physical_id)["KeyMetadata"]["Arn"]
    return physical_id, {"KeyId": physical_id, "Arn": arn}


def _delete(physical_id: str, properties: Properties) -> None:
    days = int(properties.get("PendingWindowInDays", 30))
    try:
        client("kms").schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=days)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise


def install() -> None:
    """Register the type."""
    register(TYPE, Handler(create=_create, update=_update, delete=_delete), blocking=True)
