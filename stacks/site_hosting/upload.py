"""Brings the folder into the bucket on every deploy that changed it."""

from typing import Final

from aws_cdk import Acknowledgment, Duration, IgnoreMode, RemovalPolicy, Size, Validations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment
from constructs import Construct

from stacks.site_folder import NOT_PUBLISHED
from stacks.site_hosting import wildcards

_PAGES: Final = "*.html"
# Browser and edge ask again every time, and are answered 304 as long as the page is the same.
_REVALIDATE: Final = [
    s3_deployment.CacheControl.set_public(),
    s3_deployment.CacheControl.max_age(Duration.seconds(0)),
    s3_deployment.CacheControl.must_revalidate(),
]
# The names of the assets carry no hash of their content: a new one has to get through by itself.
_FIVE_MINUTES: Final = [
    s3_deployment.CacheControl.set_public(),
    s3_deployment.CacheControl.max_age(Duration.minutes(5)),
]


class SiteUpload(Construct):
    """Copies the published files of `folder` to `bucket` and removes what is no longer among them.

    Pages and the rest differ in their cache header, which one deployment sets for all of its files: so
    there are two, whose filters exclude each other, so that neither prunes the other's files. The pages
    come last, when what they name is there. Nothing is cached long, so nothing needs an invalidation, which
    takes minutes and can time out.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: str,
        bucket: s3.IBucket,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Logs", retention=log_retention, removal_policy=removal_policy)
        source = s3_deployment.Source.asset(folder, exclude=list(NOT_PUBLISHED), ignore_mode=IgnoreMode.GIT)
        assets = self._deploy("Assets", source, bucket, log_group, _FIVE_MINUTES, exclude=[_PAGES])
        pages = self._deploy("Pages", source, bucket, log_group, _REVALIDATE, exclude=["*"], include=[_PAGES])
        pages.node.add_dependency(assets)
        _acknowledge_handler(pages, bucket)

    def _deploy(
        self,
        construct_id: str,
        source: s3_deployment.ISource,
        bucket: s3.IBucket,
        log_group: logs.ILogGroup,
        cache_control: list[s3_deployment.CacheControl],
        *,
        exclude: list[str],
        include: list[str] | None = None,
    ) -> s3_deployment.BucketDeployment:
        return s3_deployment.BucketDeployment(
            self,
            construct_id,
            sources=[source],
            destination_bucket=bucket,
            cache_control=cache_control,
            exclude=exclude,
            include=include,
            log_group=log_group,
            # The default, 512 MiB of /tmp, is too little: the zip and the extracted files are both in it.
            memory_limit=1024,
            ephemeral_storage_size=Size.gibibytes(4),
            # With some thousands of files the list of keys is over CloudFormation's 4 KB for an answer.
            output_object_keys=False,
        )


def _acknowledge_handler(deployment: s3_deployment.BucketDeployment, bucket: s3.IBucket) -> None:
    """The Lambda is the CDK's own, one for all deployments of a stack, and lives at the top of it."""
    handler = deployment.handler_role.node.scope
    if handler is None:
        raise TypeError(
            "BucketDeployment's role is no longer a child of its Lambda: look for the Lambda anew"
        )
    Validations.of(handler).acknowledge(
        Acknowledgment(id="AwsSolutions-L1", reason="The runtime is chosen and updated by the CDK."),
        Acknowledgment(
            id="AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
            reason="The CDK gives its Lambda AWS's policy for writing logs, which allows nothing else.",
        ),
        *wildcards.acknowledgments(
            bucket,
            reason="The upload reads the site's archive from the CDK's assets bucket, and lists, "
            "writes and prunes every object of the site: their names are not known at synth.",
        ),
    )
