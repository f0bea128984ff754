"""Who reads the assets: CloudFront."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3


def let_distributions_read(bucket: s3.IBucket) -> None:
    """Allow CloudFront's origin access control to get objects, for distributions of this account.

    "Restrict access to an Amazon S3 origin" names one distribution. It is made after the buckets that it reads, so
    that its id here would be a circle; whoever may make a distribution in this account may read the assets, which
    are public through the shop anyway.
    """
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
            actions=["s3:GetObject"],
            resources=[bucket.arn_for_objects("*")],
            conditions={
                "ArnLike": {
                    "aws:SourceArn": f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/*"
                }
            },
        )
    )
