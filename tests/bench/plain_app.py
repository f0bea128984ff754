"""What `site_deploys` compares with: the CDK's own BucketDeployment, with an invalidation of everything."""

import sys

from aws_cdk import App, RemovalPolicy, Size, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as s3_deployment


def main(site: str) -> None:
    """Synthesize a stack that publishes the folder `site`."""
    app = App()
    stack = Stack(app, "Plain")
    bucket = s3.Bucket(stack, "Site", removal_policy=RemovalPolicy.DESTROY, auto_delete_objects=True)
    distribution = cloudfront.Distribution(
        stack,
        "Edge",
        default_root_object="index.html",
        default_behavior=cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(bucket)
        ),
    )
    s3_deployment.BucketDeployment(
        stack,
        "Deploy",
        sources=[s3_deployment.Source.asset(site)],
        destination_bucket=bucket,
        distribution=distribution,
        distribution_paths=["/*"],
        memory_limit=1024,  # as ours; with the default of 128 MiB a big site fails on AWS
        ephemeral_storage_size=Size.gibibytes(4),
        output_object_keys=False,
    )
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1])
