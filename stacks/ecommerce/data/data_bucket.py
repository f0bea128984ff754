"""A bucket of one region that holds what the shop shows or what its customers bring."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.closed_bucket import closed_bucket

# A deleted or overwritten object can be had back for so long.
_KEPT: Final = Duration.days(30)


class DataBucket(Construct):
    """Versioned, private, over TLS alone, encrypted with `key`; its events go to EventBridge. Exposes `bucket`.

    Intelligent-Tiering from the first day: an object of less than 128 KB is not monitored and costs as much as in
    Standard, and a larger one that nobody asks for gets cheaper by itself ("How S3 Intelligent-Tiering works").
    `uploads`: with Transfer Acceleration, whose name must have no dot, for clients far away.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        logs: s3.IBucket,
        uploads: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = closed_bucket(
            self,
            "Bucket",
            key=key,
            bucket_name=name,
            transfer_acceleration=uploads or None,
            server_access_logs_bucket=logs,
            server_access_logs_prefix=f"s3/{construct_id.lower()}/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="Tiering",
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.INTELLIGENT_TIERING,
                            transition_after=Duration.days(0),
                        )
                    ],
                    noncurrent_version_expiration=_KEPT,
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
                s3.LifecycleRule(id="DeleteMarkers", expired_object_delete_marker=True),
            ],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        made = self.bucket.node.default_child
        if not isinstance(made, s3.CfnBucket):
            raise TypeError(f"the bucket of {self.bucket.node.path} is no longer a CfnBucket")
        # The property itself, which needs no custom resource as the L2 construct's does.
        made.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )
        acknowledge(
            self.bucket,
            "S3BucketReplicationEnabled",
            reason="Replicated from phase 5 on by EcommerceReplication, and not by a property of the bucket: a "
            "rule needs the other bucket to exist, and two that replicate to each other could never be made so.",
        )
