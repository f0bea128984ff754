"""Whether what keeps data is encrypted with a key of its own region, and log groups have an end."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from review.platform.templates import PLACES, Resource, Templates, resources
from review.platform.text import text_of

Keys = Iterator[tuple[str, object]]
"""Region and key of each copy of what a resource keeps; the key is None where none is named."""

_ARN: Final = re.compile(r":kms:([a-z0-9-]+):")


def unencrypted(templates: Templates) -> list[str]:
    """One line for each copy of data without a key, or with a key of another region."""
    faults = []
    for resource in resources(templates, *_KEYS):
        for region, key in _KEYS[resource.kind](resource):
            if key is None:
                faults.append(f"{resource}: no key in {region}")
            elif (of := _region_of(resource, key, region)) != region:
                faults.append(f"{resource}: its key in {region} is one of {of}")
    return faults


def without_end(templates: Templates) -> list[str]:
    """One line for each log group that is kept for ever."""
    return [
        f"{group}: no RetentionInDays"
        for group in resources(templates, "AWS::Logs::LogGroup")
        if "RetentionInDays" not in group.properties
    ]


def in_the_clear(templates: Templates) -> list[str]:
    """One line for each store that takes connections without TLS."""
    return [
        f"{group}: no TransitEncryptionEnabled"
        for group in resources(templates, "AWS::ElastiCache::ReplicationGroup")
        if group.properties.get("TransitEncryptionEnabled") is not True
    ]


def _region_of(resource: Resource, key: object, region: str) -> str:
    """Where a key is: a reference to another stack tells it, and an ARN; an alias is looked up where it is used."""
    match key:
        case {"Ref": str()} | {"Fn::GetAtt": [*_]}:
            return PLACES[resource.stack].region
        case {"Fn::GetStackOutput": {"StackName": other}}:
            return PLACES[other].region
    arn = _ARN.search(text_of(resource.stack, key))
    return arn[1] if arn else region


def _property(*path: str, given: str | None = None) -> Callable[[Resource], Keys]:
    """The key at `path`; none unless the property `given` is true, where it is what switches encryption on."""

    def keys(resource: Resource) -> Keys:
        value: object = resource.properties
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        on = given is None or resource.properties.get(given) is True
        yield PLACES[resource.stack].region, value if on else None

    return keys


def _of_bucket(resource: Resource) -> Keys:
    rules = resource.properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    for rule in rules or [{}]:
        by_default = rule.get("ServerSideEncryptionByDefault", {})
        yield PLACES[resource.stack].region, by_default.get("KMSMasterKeyID")


def _of_global_table(resource: Resource) -> Keys:
    on = resource.properties.get("SSESpecification", {}).get("SSEEnabled") is True
    for replica in resource.properties["Replicas"]:
        key = replica.get("SSESpecification", {}).get("KMSMasterKeyId")
        yield text_of(resource.stack, replica["Region"]), key if on else None


def _of_secret(resource: Resource) -> Keys:
    yield PLACES[resource.stack].region, resource.properties.get("KmsKeyId")
    for replica in resource.properties.get("ReplicaRegions", []):
        yield text_of(resource.stack, replica["Region"]), replica.get("KmsKeyId")


def _of_cluster(resource: Resource) -> Keys:
    configured: Sequence[Mapping[str, Any]] = resource.properties.get("EncryptionConfig") or [{}]
    for each in configured:
        yield PLACES[resource.stack].region, each.get("Provider", {}).get("KeyArn")


# A read replica in another region has to name its key, and one of its own region: "Working with DB instance read
# replicas". A read replica's storage is encrypted as its source's is, and so it does not say StorageEncrypted.
def _of_database(resource: Resource) -> Keys:
    replica = "SourceDBInstanceIdentifier" in resource.properties
    yield from _property("KmsKeyId", given=None if replica else "StorageEncrypted")(resource)


_KEYS: Final[Mapping[str, Callable[[Resource], Keys]]] = {
    "AWS::Backup::BackupVault": _property("EncryptionKeyArn"),
    "AWS::CloudTrail::Trail": _property("KMSKeyId"),
    "AWS::DynamoDB::GlobalTable": _of_global_table,
    "AWS::DynamoDB::Table": _property("SSESpecification", "KMSMasterKeyId"),
    "AWS::EKS::Cluster": _of_cluster,
    "AWS::ElastiCache::ReplicationGroup": _property("KmsKeyId", given="AtRestEncryptionEnabled"),
    "AWS::Events::Archive": _property("KmsKeyIdentifier"),
    "AWS::Events::EventBus": _property("KmsKeyIdentifier"),
    "AWS::Logs::LogGroup": _property("KmsKeyId"),
    "AWS::RDS::DBCluster": _property("KmsKeyId", given="StorageEncrypted"),
    "AWS::RDS::DBInstance": _of_database,
    "AWS::S3::Bucket": _of_bucket,
    "AWS::SNS::Topic": _property("KmsMasterKeyId"),
    "AWS::SQS::Queue": _property("KmsMasterKeyId"),
    "AWS::SecretsManager::Secret": _of_secret,
}
