"""cdk-nag's names of two findings, which say what they are about."""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_iam as iam


def policy_of_aws(name: str) -> str:
    """That a role has AWS's own policy `name`."""
    return f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"


def wildcards(statements: Iterable[iam.PolicyStatement]) -> list[str]:
    """That these statements are about resources with `*` in their names."""
    found = {
        resource.replace(Aws.PARTITION, "<AWS::Partition>").replace(Aws.ACCOUNT_ID, "<AWS::AccountId>")
        for statement in statements
        for resource in statement.resources
        if "*" in resource
    }
    return [f"AwsSolutions-IAM5[Resource::{each}]" for each in sorted(found)]
