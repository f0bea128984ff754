"""Turns the replication of a region's buckets on, and off again with its stack."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import custom_resources as cr
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.data.bucket_replication import Bucket, BucketReplication

# The CDK's one function of a stack for such calls.
_FUNCTION: Final = f"AWS{cr.AwsCustomResource.PROVIDER_FUNCTION_UUID.replace('-', '')}"


class ReplicationSwitch(Construct):
    """Calls PutBucketReplication when deployed, and DeleteBucketReplication when deleted.

    No property of the bucket: S3 takes a rule only when the other bucket is there and versioned, so that two
    buckets that replicate to each other could not be made by templates alone.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: kms.IKey, log_retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, construct_id)
        self._group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=key,
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,  # about the stack, and no data
        )
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self._policy = iam.ManagedPolicy(self, "Policy", roles=[self._role])
        self._group.grant_write(self._policy)

    def turn_on(self, name: str, *, source: Bucket, replication: BucketReplication) -> None:
        """Let S3 replicate `source`; `name`: of the resource."""
        self._policy.add_statements(
            iam.PolicyStatement(actions=["s3:PutReplicationConfiguration"], resources=[source.arn]),
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=[replication.role_arn],
                conditions={"StringEquals": {"iam:PassedToService": "s3.amazonaws.com"}},
            ),
        )
        put = cr.AwsSdkCall(
            service="S3",
            action="putBucketReplication",
            parameters={
                "Bucket": source.name,
                "ReplicationConfiguration": {
                    "Role": replication.role_arn,
                    "Rules": list(replication.rules),
                },
            },
            physical_resource_id=cr.PhysicalResourceId.of(f"{name}-replication"),
        )
        made = cr.AwsCustomResource(
            self,
            name,
            resource_type="Custom::BucketReplication",
            on_create=put,
            on_update=put,
            on_delete=cr.AwsSdkCall(
                service="S3", action="deleteBucketReplication", parameters={"Bucket": source.name}
            ),
            role=self._role.without_policy_updates(),
            log_group=self._group,
            timeout=Duration.minutes(2),
            install_latest_aws_sdk=False,  # what Lambda has knows these calls
        )
        made.node.add_dependency(self._policy, replication)
        acknowledge(
            Stack.of(self).node.find_child(_FUNCTION),
            "LambdaConcurrency",
            "LambdaDLQ",
            "LambdaInsideVPC",
            "CKV_AWS_115",
            "CKV_AWS_116",
            "CKV_AWS_117",
            reason="CloudFormation calls it while the stack is deployed, and reports its failure there; it calls "
            "S3's API alone and sees no object.",
        )
