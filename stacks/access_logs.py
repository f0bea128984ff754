"""Who asked the distribution for what: CloudFront's standard logging v2, into a bucket of its own."""

from typing import Final

from aws_cdk import Acknowledgment, ArnFormat, Duration, Names, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

# "Standard log file fields", CloudFront Developer Guide. Left out: cookies, which may sign a visitor in.
_FIELDS: Final = (
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "cs-uri-query",
    "sc-status",
    "cs(Referer)",
    "cs(User-Agent)",
    "x-edge-result-type",
    "x-edge-request-id",
    "x-host-header",
    "cs-protocol",
    "cs-protocol-version",
    "cs-bytes",
    "time-taken",
    "time-to-first-byte",
    "ssl-protocol",
    "ssl-cipher",
    "x-edge-detailed-result-type",
    "sc-content-type",
)


class DistributionAccessLogs(Construct):
    """One line per request, W3C extended format, gzip, with the visitor's address; deleted after `kept_days`.

    W3C and not Parquet: its delivery to S3 is free and it is read with `zcat`, while the conversion to Parquet
    is billed per GB ("Amazon CloudWatch Pricing", vended logs). Must be in us-east-1, where CloudFront's
    deliveries are ("Configure standard logging (v2)", CloudFront Developer Guide).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        distribution: cloudfront.IDistribution,
        kept_days: int,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(kept_days),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        Validations.of(self.bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions-S1", reason="It is itself a bucket of access logs, which CloudFront writes."
            )
        )
        # It must be given and be the account's only one: the name of the stack, and so of the stage, is in it.
        name = Names.unique_resource_name(self, max_length=60, allowed_special_characters="-")
        stack = Stack.of(self)
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("delivery.logs.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects("*")],
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": stack.account,
                        "s3:x-amz-acl": "bucket-owner-full-control",
                    },
                    "ArnLike": {
                        "aws:SourceArn": stack.format_arn(
                            service="logs",
                            resource="delivery-source",
                            resource_name=name,
                            arn_format=ArnFormat.COLON_RESOURCE_NAME,
                        )
                    },
                },
            )
        )
        source = logs.CfnDeliverySource(
            self,
            "Source",
            name=name,
            log_type="ACCESS_LOGS",
            resource_arn=stack.format_arn(
                service="cloudfront",
                region="",
                resource="distribution",
                resource_name=distribution.distribution_id,
            ),
        )
        destination = logs.CfnDeliveryDestination(
            self,
            "Destination",
            name=name,
            destination_resource_arn=self.bucket.bucket_arn,
            output_format="w3c",
        )
        delivery = logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=name,
            delivery_destination_arn=destination.attr_arn,
            record_fields=list(_FIELDS),
        )
        delivery.node.add_dependency(source)
        if self.bucket.policy:
            delivery.node.add_dependency(self.bucket.policy)
