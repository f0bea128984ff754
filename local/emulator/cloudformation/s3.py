"""AWS::S3::Bucket: the properties that ministack's handler drops, and the delete that AWS refuses.

The S3 API itself has them all, so they are put through it after the bucket was made.
"""

from typing import Any

from botocore.exceptions import ClientError

from local.emulator.cloudformation.handlers import (
    Properties,
    Provisioned,
    ResourceError,
    table,
    wrap_provisioning,
)
from local.emulator.cloudformation.own_api import client

_BUCKET = "AWS::S3::Bucket"


def _encryption_rules(properties: Properties) -> list[dict[str, Any]]:
    rules = []
    for rule in properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", []):
        default = rule.get("ServerSideEncryptionByDefault")
        # aws:kms without a key means the managed key aws/s3, which ministack lacks: it would refuse each PutObject.
        if default and (default.get("SSEAlgorithm") != "aws:kms" or default.get("KMSMasterKeyID")):
            rules.append({"ApplyServerSideEncryptionByDefault": default})
    return rules


def _lifecycle_rules(properties: Properties) -> list[dict[str, Any]]:
    """CloudFormation's rules in the shape of PutBucketLifecycleConfiguration."""
    rules = []
    for given in properties.get("LifecycleConfiguration", {}).get("Rules", []):
        rule: dict[str, Any] = {"Status": given["Status"], "Filter": {"Prefix": given.get("Prefix", "")}}
        if "Id" in given:
            rule["ID"] = given["Id"]
        expiration: dict[str, Any] = {}
        if "ExpirationInDays" in given:
            expiration["Days"] = int(given["ExpirationInDays"])
        if "ExpiredObjectDeleteMarker" in given:
            expiration["ExpiredObjectDeleteMarker"] = (
                str(given["ExpiredObjectDeleteMarker"]).lower() == "true"
            )
        if expiration:
            rule["Expiration"] = expiration
        abort = given.get("AbortIncompleteMultipartUpload")
        if abort:
            rule["AbortIncompleteMultipartUpload"] = {
                "DaysAfterInitiation": int(abort["DaysAfterInitiation"])
            }
        noncurrent = given.get("NoncurrentVersionExpiration")
        if noncurrent:
            rule["NoncurrentVersionExpiration"] = {key: int(value) for key, value in noncurrent.items()}
        elif "NoncurrentVersionExpirationInDays" in given:
            rule["NoncurrentVersionExpiration"] = {
                "NoncurrentDays": int(given["NoncurrentVersionExpirationInDays"])
            }
        transitions = given.get("Transitions")
        if transitions:
            rule["Transitions"] = [
                {"Days": int(one["TransitionInDays"]), "StorageClass": one["StorageClass"]}
                for one in transitions
            ]
        rules.append(rule)
    return rules


def _apply(name: str, properties: Properties) -> None:
    s3 = client("s3")
    if properties.get("Tags"):
        # CDK's auto-delete handler empties only buckets that carry its tag.
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": properties["Tags"]})
    else:
        s3.delete_bucket_tagging(Bucket=name)
    encryption = _encryption_rules(properties)
    if encryption:
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": encryption})
    lifecycle = _lifecycle_rules(properties)
    if lifecycle:
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": lifecycle})
    else:
        s3.delete_bucket_lifecycle(Bucket=name)
    if "OwnershipControls" in properties:
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=properties["OwnershipControls"])


def install() -> None:
    """Wrap ministack's handler of the type."""

    def provision(proceed: Any, properties: Properties) -> Provisioned:
        provisioned: Provisioned = proceed()
        _apply(provisioned[0], properties)
        return provisioned

    wrap_provisioning(_BUCKET, provision, blocking=True)

    entry = table()[_BUCKET]
    delete = entry["delete"]

    def delete_if_empty(physical_id: str, properties: Properties) -> None:
        try:
            client("s3").delete_bucket(Bucket=physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] == "BucketNotEmpty":
                raise ResourceError(
                    f"The bucket you tried to delete is not empty ({physical_id}). You must delete all versions"
                    " in the bucket."
                ) from error
            if error.response["Error"]["Code"] not in ("NoSuchBucket", "404"):
                raise
        delete(physical_id, properties)

    table()[_BUCKET] = {**entry, "delete": delete_if_empty}
