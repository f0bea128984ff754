"""What cdk-nag finds in the CDK's own grants to whoever publishes the site."""

from typing import cast

from aws_cdk import Acknowledgment, Stack, Token
from aws_cdk import aws_s3 as s3


def acknowledgments(bucket: s3.IBucket, *, reason: str) -> list[Acknowledgment]:
    """For a role that was granted to read the CDK's assets bucket, and to read and write `bucket`."""
    stack = Stack.of(bucket)
    partition = "<AWS::Partition>" if Token.is_unresolved(stack.partition) else stack.partition
    account = "<AWS::AccountId>" if Token.is_unresolved(stack.account) else stack.account
    assets = f"cdk-{stack.synthesizer.bootstrap_qualifier}-assets-{account}-{stack.region}"
    site = stack.get_logical_id(cast("s3.CfnBucket", bucket.node.default_child))
    return [
        Acknowledgment(id=f"AwsSolutions-IAM5[{wildcard}]", reason=reason)
        for wildcard in (
            "Action::s3:GetObject*",
            "Action::s3:GetBucket*",
            "Action::s3:List*",
            "Action::s3:DeleteObject*",
            "Action::s3:Abort*",
            f"Resource::arn:{partition}:s3:::{assets}/*",
            f"Resource::<{site}.Arn>/*",
        )
    ]
