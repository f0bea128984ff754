"""AWS::S3::Bucket: replication, transfer acceleration and access logs, which ministack's handler drops.

Its S3 API has them, and replicates: each new object, its metadata and tags, and delete markers where the rule says
so, at once, to a versioned bucket of any region.
"""

from typing import Any, Final

from local.emulator.cloudformation.handlers import Properties, Provisioned, wrap_provisioning
from local.emulator.cloudformation.own_api import client

_BUCKET: Final = "AWS::S3::Bucket"


def _filter(given: Properties) -> dict[str, Any]:
    both = given.get("And")
    if both:
        prefix = {"Prefix": both["Prefix"]} if "Prefix" in both else {}
        return {"And": {**prefix, "Tags": both["TagFilters"]}}
    if "TagFilter" in given:
        return {"Tag": given["TagFilter"]}
    return {"Prefix": given.get("Prefix", "")}


def _minutes(option: Properties) -> dict[str, Any]:
    """ReplicationTime and Metrics: CloudFormation may give the number as text."""
    return {
        name: {"Minutes": int(value["Minutes"])} if isinstance(value, dict) else value
        for name, value in option.items()
    }


def _destination(given: Properties) -> dict[str, Any]:
    timed: dict[str, Any] = {
        name: _minutes(given[name]) for name in ("ReplicationTime", "Metrics") if name in given
    }
    return {**given, **timed}


def replication(configuration: Properties) -> dict[str, Any]:
    """CloudFormation's ReplicationConfiguration in the shape of PutBucketReplication."""
    rules = []
    for given in configuration["Rules"]:
        rule: dict[str, Any] = {
            name: value
            for name, value in given.items()
            if name not in ("Id", "Filter", "Destination", "Priority")
        }
        if "Id" in given:
            rule["ID"] = given["Id"]
        if "Priority" in given:
            rule["Priority"] = int(given["Priority"])
        if "Filter" in given:
            rule["Filter"] = _filter(given["Filter"])
        rule["Destination"] = _destination(given["Destination"])
        rules.append(rule)
    return {"Role": configuration["Role"], "Rules": rules}


def _apply(name: str, properties: Properties) -> None:
    s3 = client("s3")
    if "ReplicationConfiguration" in properties:
        s3.put_bucket_replication(
            Bucket=name, ReplicationConfiguration=replication(properties["ReplicationConfiguration"])
        )
    else:
        s3.delete_bucket_replication(Bucket=name)
    acceleration = properties.get("AccelerateConfiguration", {}).get("AccelerationStatus")
    if acceleration:
        s3.put_bucket_accelerate_configuration(Bucket=name, AccelerateConfiguration={"Status": acceleration})
    logs = properties.get("LoggingConfiguration")
    if logs:
        target = {
            "TargetBucket": logs.get("DestinationBucketName", name),
            "TargetPrefix": logs.get("LogFilePrefix", ""),
        }
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})


def install() -> None:
    """Wrap the handler of the type."""

    def provision(proceed: Any, properties: Properties) -> Provisioned:
        provisioned: Provisioned = proceed()
        _apply(provisioned[0], properties)
        return provisioned

    wrap_provisioning(_BUCKET, provision, blocking=True)
