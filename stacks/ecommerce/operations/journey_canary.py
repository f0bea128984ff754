"""A canary: a customer who never buys walks through the shop on a schedule."""

from pathlib import Path
from typing import Final

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_synthetics as synthetics
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, acknowledge_wildcards
from stacks.ecommerce.closed_bucket import closed_bucket

_CODE: Final = Path(__file__).parent / "canary"
# "Runtime versions using Python and Selenium Webdriver", the newest of November 2026; the CDK has no name for it.
_RUNTIME: Final = "syn-python-selenium-14.0"
_KEPT: Final = Duration.days(31)


class JourneyCanary(Construct):
    """Runs canary/python/journey.py against `shop` every `minutes`, and keeps what it saw for a month.

    Synthetics itself encrypts what it uploads with the account's key for S3, as it takes another from canaries in
    Node.js alone ("Encrypting canary artifacts"); the bucket's own encryption, with `key`, is for all else.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        canary_name: str,
        shop: str,
        minutes: int,
        bucket_name: str,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        artefacts = self._artefacts(bucket_name, key, removal_policy)
        role = self._role(canary_name, artefacts, key)
        canary = synthetics.Canary(
            self,
            "Canary",
            canary_name=canary_name,
            runtime=synthetics.Runtime(_RUNTIME, synthetics.RuntimeFamily.PYTHON),
            test=synthetics.Test.custom(
                code=synthetics.Code.from_asset(str(_CODE), exclude=["**/__pycache__", "**/*.pyc"]),
                handler="journey.handler",
            ),
            schedule=synthetics.Schedule.rate(Duration.minutes(minutes)),
            environment_variables={"SHOP": shop},
            role=role,
            artifacts_bucket_location=synthetics.ArtifactsBucketLocation(bucket=artefacts),
            success_retention_period=_KEPT,
            failure_retention_period=_KEPT,
            # seven steps of five seconds at most
            timeout=Duration.seconds(50),
            # Otherwise its function stays behind when the stack is deleted.
            provisioned_resource_cleanup=True,
        )
        # The function's group, before which it cannot log: its role may not make one, which would never expire.
        logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/lambda/cwsyn-{canary.canary_name}-{canary.canary_id}",
            encryption_key=key,
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _artefacts(self, bucket_name: str, key: kms.IKey, removal_policy: RemovalPolicy) -> s3.Bucket:
        bucket = closed_bucket(
            self,
            "Artefacts",
            key=key,
            bucket_name=bucket_name,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=_KEPT,
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=removal_policy,
        )
        acknowledge(
            bucket,
            "S3BucketReplicationEnabled",
            "S3BucketLoggingEnabled",
            "AwsSolutions-S1",
            "CKV_AWS_18",
            reason="It holds for a month what a made-up customer saw: no data of card holders, nothing that would "
            "have to be restored. CloudTrail records its objects' reads and writes with those of all of the "
            "platform's buckets.",
        )
        return bucket

    def _role(self, canary_name: str, artefacts: s3.Bucket, key: kms.IKey) -> iam.IRole:
        """ "Required roles and permissions for canaries"."""
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        own_logs = (
            f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}"
            f":log-group:/aws/lambda/cwsyn-{canary_name}-*"
        )
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[artefacts.arn_for_objects("*")]),
                iam.PolicyStatement(actions=["s3:GetBucketLocation"], resources=[artefacts.bucket_arn]),
                iam.PolicyStatement(actions=["s3:ListAllMyBuckets"], resources=["*"]),
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[own_logs],
                ),
                iam.PolicyStatement(
                    actions=["cloudwatch:PutMetricData"],
                    resources=["*"],
                    conditions={"StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}},
                ),
                iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
        )
        acknowledge_wildcards(
            policy,
            [artefacts.arn_for_objects("*")],
            reason="Synthetics makes the objects' names; the bucket is the canary's own.",
        )
        acknowledge_wildcards(
            policy,
            [own_logs],
            reason="The log group's name ends in the canary's id, which is not known before there is one.",
        )
        acknowledge_wildcards(
            policy,
            ["*"],
            reason="s3:ListAllMyBuckets and cloudwatch:PutMetricData know no resource (Service Authorization "
            "Reference); the one lists names, the other is limited to Synthetics' namespace.",
        )
        return role.without_policy_updates()
