"""Where ECR keeps the layers of images."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam


def may_be_read() -> iam.PolicyStatement:
    """For the policy of an endpoint to S3: whoever comes through it can pull images, whatever else it forbids.

    "Minimum Amazon S3 Bucket Permissions for Amazon ECR", Amazon ECR User Guide.
    """
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=["s3:GetObject"],
        resources=[f"arn:{Aws.PARTITION}:s3:::prod-{Aws.REGION}-starport-layer-bucket/*"],
    )
