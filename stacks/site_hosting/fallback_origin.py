"""The second origin of the pages: what answers where the bucket has no file."""

from typing import Literal

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.site_hosting import function_code
from stacks.site_hosting.publisher.manifest import MANIFESTS, VERSIONS
from stacks.site_hosting.rules.urls import TrailingSlash


class FallbackOrigin(Construct):
    """A Lambda function whose URL the distribution alone may call; see fallback/answer.py.

    An origin of the pages' behaviour and not a custom error response: that would hold for the whole distribution,
    and put the site's 404 page before an API's own 404.

    `origin`: for an origin group.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        routing: Literal["clean-urls", "spa"],
        trailing_slash: TrailingSlash,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Logs", retention=log_retention, removal_policy=removal_policy)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        _allow_reading(role, bucket)
        function = lambda_.Function(
            self,
            "Function",
            description="Answers for what is no file of the site: redirects, and the page for what is not found",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="site_hosting.fallback.handler.handle",
            code=function_code.code(),
            environment={
                "BUCKET": bucket.bucket_name,
                "ROUTING": routing,
                "TRAILING_SLASH": trailing_slash,
            },
            role=role,
            log_group=log_group,
            memory_size=512,  # for its share of a CPU: a cold start is most of what a visitor waits for
            timeout=Duration.seconds(20),
        )
        url = function.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
        self.origin: cloudfront.IOrigin = origins.FunctionUrlOrigin.with_origin_access_control(url)


def _allow_reading(role: iam.Role, bucket: s3.IBucket) -> None:
    objects = [bucket.arn_for_objects(f"{prefix}*") for prefix in (MANIFESTS, VERSIONS)]
    role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=objects))
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": [f"{MANIFESTS}*"]}},
        )
    )
    site = Stack.of(bucket).get_logical_id(bucket.node.default_child)  # type: ignore[arg-type]  # the CfnBucket
    Validations.of(role).acknowledge(
        *(
            Acknowledgment(
                id=f"AwsSolutions-IAM5[Resource::<{site}.Arn>/{prefix}*]",
                reason="It reads the site's objects, whose names are not known at synth, and nothing else of the "
                "bucket.",
            )
            for prefix in (MANIFESTS, VERSIONS)
        )
    )
