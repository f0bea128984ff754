"""Where a region's load balancer keeps who connected and who asked for what."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge


class AccessLogBucket(Construct):
    """A bucket of its own in each region, as load balancers log to their own region only; kept for `kept`.

    It comes before the data layer's, which the next phase brings. Exposes `bucket`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, kept: Duration, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            # "Enable access logs for your Application Load Balancer": no other encryption is supported.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,  # a log that somebody overwrites is still there
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=kept,
                    noncurrent_version_expiration=kept,
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            "S3BucketLoggingEnabled",
            reason="It is itself a bucket of access logs; its own accesses are CloudTrail's data events.",
        )
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            reason="Each region keeps the log of its own load balancer; a region that is lost serves nobody whose "
            "requests would be missing.",
        )
        acknowledge(
            self.bucket,
            "S3DefaultEncryptionKMS",
            reason="Load balancers can write to buckets with keys of S3 alone (Elastic Load Balancing, "
            "'Enable access logs').",
        )
