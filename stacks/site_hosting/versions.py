"""Versioned deploys: each goes to a prefix of its own, and one write makes it live."""

from pathlib import Path

from aws_cdk import (
    CustomResource,
    Duration,
    IgnoreMode,
    RemovalPolicy,
    Size,
    Validations,
)
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from stacks.site_folder import NOT_PUBLISHED
from stacks.site_hosting import function_code, wildcards
from stacks.site_hosting.rules.urls import TrailingSlash


class SiteVersions(Construct):
    """Publishes `folder` into `bucket` as a new version on every deploy that changed it.

    Attributes:
        store: the CloudFront KeyValueStore with the pointer; empty until `publish` was called.
        publisher: the Lambda function that uploads, flips the pointer, tells the history and rolls back.

    `versions_kept`: how many versions can be rolled back to; older ones are deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        versions_kept: int,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self._bucket, self._versions_kept = bucket, versions_kept
        self.store = cloudfront.KeyValueStore(self, "Store", comment=f"Live version of {scope.node.path}")
        log_group = logs.LogGroup(self, "Logs", retention=log_retention, removal_policy=removal_policy)
        self._role = self._publishers_role(log_group)
        self.publisher = lambda_.Function(
            self,
            "Publisher",
            description="Publishes versions of the site, and rolls back",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="site_hosting.publisher.handler.handle",
            code=function_code.code(),
            environment={
                "BUCKET": bucket.bucket_name,
                "KEY_VALUE_STORE_ARN": self.store.key_value_store_arn,
                "VERSIONS_KEPT": str(versions_kept),
            },
            role=self._role,
            log_group=log_group,
            memory_size=1024,  # 32 small files at a time, or the parts of one big one: a quarter of it
            ephemeral_storage_size=Size.gibibytes(4),  # the archive; site_folder.MAX_BYTES fits
            timeout=Duration.minutes(15),
        )

    def publish(
        self,
        folder: Path,
        *,
        commit: str,
        after: Construct,
        content_security_policy: str,
        trailing_slash: TrailingSlash,
    ) -> None:
        """Publish `folder` when `after` (what serves it) is deployed: what fails before changes no page.

        `commit`: of the folder's last change, shown in the history; may be empty.
        `content_security_policy`: of its pages; may be empty. `trailing_slash`: of their paths.
        """
        archive = s3_assets.Asset(
            self, "Archive", path=str(folder), exclude=list(NOT_PUBLISHED), ignore_mode=IgnoreMode.GIT
        )
        archive.grant_read(self._role)
        live = CustomResource(
            self,
            "Live",
            resource_type="Custom::SiteVersion",
            service_token=self.publisher.function_arn,
            service_timeout=Duration.minutes(16),
            properties={
                "ArchiveBucket": archive.s3_bucket_name,
                "ArchiveKey": archive.s3_object_key,
                "VersionsKept": self._versions_kept,
                "Commit": commit,
                "ContentSecurityPolicy": content_security_policy,
                "TrailingSlash": trailing_slash,
            },
        )
        live.node.add_dependency(after, self._role)
        self._acknowledge()

    def _publishers_role(self, log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(self, "PublishersRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self._bucket.grant_read_write(role)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[
                    f"cloudfront-keyvaluestore:{action}"
                    for action in ("DescribeKeyValueStore", "GetKey", "ListKeys", "UpdateKeys")
                ],
                resources=[self.store.key_value_store_arn],
            )
        )
        return role

    def _acknowledge(self) -> None:
        Validations.of(self._role).acknowledge(
            *wildcards.acknowledgments(
                self._bucket,
                reason="The publisher reads the site's archive from the CDK's assets bucket, and lists, "
                "reads, writes and deletes the site's objects: their names are not known at synth.",
            )
        )
