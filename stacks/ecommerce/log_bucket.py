"""A bucket of access logs."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.closed_bucket import closed_bucket

KEPT: Final = Duration.days(400)
"""PCI DSS 10.7 of version 3.2.1: a year of audit trails, three months of it at hand."""
_AT_HAND: Final = Duration.days(90)


class LogBucket(Construct):
    """Takes the access logs of buckets or load balancers of its region for `kept`; exposes `bucket`.

    Encrypted by S3 and not with the platform's key: neither the delivery of server access logs nor that of load
    balancers can use one ("Enabling Amazon S3 server access logging", "Enable access logs for your Application
    Load Balancer"). Nobody but those who deliver writes here; what is overwritten or deleted stays as a version.
    `of_buckets`: whether a bucket of the same stack logs to it, which is how cdk-nag knows such a bucket.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str | None = None,
        kept: Duration = KEPT,
        removal_policy: RemovalPolicy,
        of_buckets: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        later = s3.Transition(storage_class=s3.StorageClass.INFREQUENT_ACCESS, transition_after=_AT_HAND)
        self.bucket = closed_bucket(
            self,
            "Bucket",
            key=None,
            bucket_name=name,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="Kept",
                    expiration=kept,
                    noncurrent_version_expiration=Duration.days(30),
                    # S3 bills 30 days of it at the least
                    transitions=[later] if kept.to_days() >= _AT_HAND.to_days() + 30 else None,
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.bucket,
            "CKV_AWS_18",
            reason="It is itself the bucket of access logs: logging it into itself would never end.",
        )
        if not of_buckets:
            acknowledge(
                self.bucket,
                "AwsSolutions-S1",
                "S3BucketLoggingEnabled",
                reason="It is itself the bucket of access logs: logging it into itself would never end. "
                "CloudTrail's data events record who reads it.",
            )
        acknowledge(
            self.bucket,
            "S3DefaultEncryptionKMS",
            reason="The services that deliver access logs cannot write into a bucket whose default is a "
            "customer's key; it is encrypted with S3's own, and its policy refuses what comes without TLS.",
        )
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            reason="Access logs stay in the region where the access was: they hold visitors' addresses, and "
            "European ones are not to leave Europe. The trail that PCI asks for is CloudTrail's, for all regions.",
        )
