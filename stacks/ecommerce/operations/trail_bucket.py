"""Where the audit trail is kept: nobody can change or delete what is there before its time."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.closed_bucket import closed_bucket

# PCI DSS v4.0.1, 10.5.1: twelve months of audit logs, of which three can be looked at at once. From Glacier Instant
# Retrieval all twelve can be.
KEPT: Final = Duration.days(400)
_AT_HAND: Final = Duration.days(90)


class TrailBucket(Construct):
    """A bucket for the trail `trail_arn`, encrypted with `key`, versioned, and with a bucket for its access log.

    Object Lock holds each log file for a year against everybody who lacks `s3:BypassGovernanceRetention`, unless
    the removal policy asks for everything to go with the stack. Exposes `bucket`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket_name: str,
        access_log_name: str,
        trail_arn: str,
        key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        locked = removal_policy == RemovalPolicy.RETAIN
        access_log = closed_bucket(
            self,
            "AccessLog",
            key=None,
            bucket_name=access_log_name,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=KEPT,
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=removal_policy,
        )
        self.bucket = closed_bucket(
            self,
            "Bucket",
            key=key,
            bucket_name=bucket_name,
            object_lock_enabled=locked or None,
            object_lock_default_retention=s3.ObjectLockRetention.governance(Duration.days(365))
            if locked
            else None,
            server_access_logs_bucket=access_log,
            lifecycle_rules=[
                s3.LifecycleRule(
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                            transition_after=_AT_HAND,
                        )
                    ],
                    expiration=KEPT,
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
            removal_policy=removal_policy,
        )
        self._receive(trail_arn)
        self._acknowledge(access_log)

    def _receive(self, trail_arn: str) -> None:
        """ "Amazon S3 bucket policy for CloudTrail": this trail alone, and only so that the owner can read it."""
        from_trail = iam.ServicePrincipal(
            "cloudtrail.amazonaws.com", conditions={"StringEquals": {"aws:SourceArn": trail_arn}}
        )
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[from_trail], actions=["s3:GetBucketAcl"], resources=[self.bucket.bucket_arn]
            )
        )
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[from_trail],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"AWSLogs/{Stack.of(self).account}/*")],
                conditions={"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
            )
        )

    def _acknowledge(self, access_log: s3.Bucket) -> None:
        acknowledge(
            self,
            "S3BucketReplicationEnabled",
            reason="CloudTrail's log group holds the same events in a second store, and a year's lock keeps these "
            "from being deleted; the trail of all regions is delivered to one bucket by design.",
        )
        acknowledge(
            access_log,
            "CKV_AWS_18",
            reason="It is itself the access log of the trail's bucket; logging it into itself would never end.",
        )
        acknowledge(
            access_log,
            "S3DefaultEncryptionKMS",
            reason="S3 delivers server access logs to no bucket whose default encryption is a KMS key (Enabling "
            "Amazon S3 server access logging); they are encrypted with S3's own keys.",
        )
