"""AWS Config in one region: what changed when, and whether it still is as it has to be."""

from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_config as config
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.closed_bucket import closed_bucket

# "List of AWS Config Managed Rules", by what PCI DSS 4.0 asks for
RULES: Final = {
    "Requirement1OpenSsh": "INCOMING_SSH_DISABLED",
    "Requirement1DefaultGroup": "VPC_DEFAULT_SECURITY_GROUP_CLOSED",
    "Requirement1PublicDatabase": "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
    "Requirement1PublicBucket": "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
    "Requirement3Database": "RDS_STORAGE_ENCRYPTED",
    "Requirement3Tables": "DYNAMODB_TABLE_ENCRYPTED_KMS",
    "Requirement3KeyRotation": "CMK_BACKING_KEY_ROTATION_ENABLED",
    "Requirement3KeyDeletion": "KMS_CMK_NOT_SCHEDULED_FOR_DELETION",
    "Requirement4Bucket": "S3_BUCKET_SSL_REQUESTS_ONLY",
    "Requirement6WebAcl": "ALB_WAF_ENABLED",
    "Requirement7Administrators": "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    "Requirement8RootKey": "IAM_ROOT_ACCESS_KEY_CHECK",
    "Requirement8RootMfa": "ROOT_ACCOUNT_MFA_ENABLED",
    "Requirement10Trail": "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    "Requirement10FlowLogs": "VPC_FLOW_LOGS_ENABLED",
}

# PCI DSS 4.0, requirement 10.5.1: a year, three months at hand
_KEPT: Final = Duration.days(400)


class Configuration(Construct):
    """A recorder of everything, its bucket called `bucket_name`, and rules.

    `records_global`: IAM's resources too, which one region alone has to record. The account must have the role that
    AWS Config brings (`aws iam create-service-linked-role --aws-service-name config.amazonaws.com`): it may look at
    everything, which no role within the boundary may.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket_name: str,
        key: kms.IKey,
        records_global: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        by_arn = kms.Key.from_key_arn(self, "Key", key.key_arn)
        bucket = self._bucket(bucket_name, by_arn, removal_policy)
        recorder = config.CfnConfigurationRecorder(
            self,
            "Recorder",
            role_arn=f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/aws-service-role/config.amazonaws.com/"
            "AWSServiceRoleForConfig",
            recording_group=config.CfnConfigurationRecorder.RecordingGroupProperty(
                all_supported=True, include_global_resource_types=records_global
            ),
        )
        channel = config.CfnDeliveryChannel(
            self,
            "Channel",
            s3_bucket_name=bucket.bucket_name,
            s3_kms_key_arn=by_arn.key_arn,
            config_snapshot_delivery_properties=(
                config.CfnDeliveryChannel.ConfigSnapshotDeliveryPropertiesProperty(
                    delivery_frequency="TwentyFour_Hours"
                )
            ),
        )
        if bucket.policy is not None:
            channel.node.add_dependency(bucket.policy)
        for name, identifier in RULES.items():
            config.ManagedRule(self, name, identifier=identifier).node.add_dependency(recorder)

    def _bucket(self, name: str, key: kms.IKey, removal_policy: RemovalPolicy) -> s3.Bucket:
        bucket = closed_bucket(
            self,
            "Bucket",
            key=key,
            bucket_name=name,
            lifecycle_rules=[
                s3.LifecycleRule(expiration=_KEPT, noncurrent_version_expiration=Duration.days(30))
            ],
            removal_policy=removal_policy,
        )
        # "Permissions for the Amazon S3 bucket for the AWS Config delivery channel"
        here = iam.ServicePrincipal(
            "config.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[here],
                actions=["s3:GetBucketAcl", "s3:ListBucket"],
                resources=[bucket.bucket_arn],
            )
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[here],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects(f"AWSLogs/{Aws.ACCOUNT_ID}/Config/*")],
            )
        )
        acknowledge(
            bucket,
            "AwsSolutions-S1",
            "S3BucketLoggingEnabled",
            "CKV_AWS_18",
            reason="Itself a log: AWS Config alone writes here, nobody of the platform may read, and an access log "
            "would need one of its own without end. The trail has who changes its policy.",
        )
        acknowledge(
            bucket,
            "S3BucketReplicationEnabled",
            reason="Each region has a bucket of its own for its own history, which is of no use in another; "
            "AWS Config "
            "keeps the history itself too, for seven years.",
        )
        return bucket
