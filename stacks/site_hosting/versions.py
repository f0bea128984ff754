"""Versioned deploys: each goes to a prefix of its own, and one write makes it live."""

from pathlib import Path

from aws_cdk import (
    CustomResource,
    Duration,
    FileAssetLocation,
    FileAssetPackaging,
    RemovalPolicy,
    Size,
    Stack,
    Stage,
    Validations,
)
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.site_folder import SiteFolder
from stacks.site_hosting import archives, function_code, wildcards


class SiteVersions(Construct):
    """Publishes a site into `bucket` as a new version on every deploy that changed it.

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
            ephemeral_storage_size=Size.gibibytes(4),  # the archives; site_folder.MAX_BYTES fits
            timeout=Duration.minutes(15),
        )

    def publish(self, site: SiteFolder, *, after: Construct) -> None:
        """Publish `site` when `after` (what serves it) is deployed: what fails before changes no page.

        Raises SiteFolderError if its archives cannot be written.
        """
        stage = Stage.of(self)
        if stage is None:
            raise TypeError("this construct is in no App: there is no folder to write the archives into")
        written = archives.write(site, Path(stage.asset_outdir))
        index = self._stage(written.index, "Site's index")
        contents = [
            self._stage(archive, f"Site's content {number} of {len(written.archives)}")
            for number, archive in enumerate(written.archives, 1)
        ]
        staging = s3.Bucket.from_bucket_name(self, "Staging", index.bucket_name)
        staging.grant_read(self._role)  # all of it: a rollback asks for what an earlier deploy staged
        live = CustomResource(
            self,
            "Live",
            resource_type="Custom::SiteVersion",
            service_token=self.publisher.function_arn,
            service_timeout=Duration.minutes(16),
            properties={
                "StagingBucket": index.bucket_name,
                "Index": index.object_key,
                "Archives": [each.object_key for each in contents],
                "VersionsKept": self._versions_kept,
                "Commit": site.commit,
            },
        )
        live.node.add_dependency(after, self._role)
        self._acknowledge()

    def _stage(self, file: archives.Written, name: str) -> FileAssetLocation:
        """Have the CDK CLI put it into the staging bucket, if it is not there."""
        return Stack.of(self).synthesizer.add_file_asset(
            source_hash=file.digest,
            file_name=file.file_name,
            packaging=FileAssetPackaging.FILE,
            display_name=name,
        )

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
                reason="The publisher reads the site's archives from the CDK's assets bucket, and lists, "
                "reads, writes and deletes the site's objects: their names are not known at synth.",
            )
        )
