"""What every bucket of the platform has in common."""

from typing import Any

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


def closed_bucket(scope: Construct, construct_id: str, *, key: kms.IKey | None, **more: Any) -> s3.Bucket:
    """A bucket that is open to nobody, over TLS 1.2 alone, without ACLs, and versioned: what is overwritten or
    deleted is still there for as long as its lifecycle says.

    `key`: its own key, called once for many objects; None where a service delivers that can use none, for S3's.
    `more`: of the bucket, as s3.Bucket takes it.
    """
    return s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=True if key else None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=True,
        **more,
    )
