"""The S3 website endpoint: the plain, free way, without CloudFront and without HTTPS."""

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_s3 as s3
from constructs import Construct


class WebsiteBucket(Construct):
    """A bucket that everybody may read, served over plain HTTP; index and error document are index.html."""

    def __init__(self, scope: Construct, construct_id: str, *, removal_policy: RemovalPolicy) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            website_index_document="index.html",
            website_error_document="index.html",
            public_read_access=True,
            # Access by policy, as the endpoint needs it; access lists stay blocked.
            block_public_access=s3.BlockPublicAccess.BLOCK_ACLS_ONLY,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            lifecycle_rules=[s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7))],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        Validations.of(self.bucket).acknowledge(
            Acknowledgment(
                id="AwsSolutions-S1",
                reason="hosting=website is the plain variant for trying out: no logs of visitors are kept.",
            ),
            Acknowledgment(
                id="AwsSolutions-S2",
                reason="A website endpoint serves only what everybody may read; nothing but the site is "
                "in here.",
            ),
            Acknowledgment(
                id="AwsSolutions-S5",
                reason="hosting=website asks for the endpoint itself; CloudFront with origin access "
                "control is the default, hosting=cloudfront.",
            ),
            Acknowledgment(
                id="AwsSolutions-S10",
                reason="S3 website endpoints speak HTTP only; a policy that demands TLS would close the "
                "site.",
            ),
        )
