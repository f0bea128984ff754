"""Findings of the rule packs that are meant: each stands beside its resource, with a reason for an assessor."""

from aws_cdk import Acknowledgment, Aws, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, *rules: str, reason: str) -> None:
    """Say why `rules` do not apply to `construct` and what is below it.

    A rule of both PCI DSS and NIST goes by the name that it has in either (`VPCNoUnrestrictedRouteToIGW`); any
    other by its full id (`AwsSolutions-VPC3`).
    """
    Validations.of(construct).acknowledge(
        *(
            Acknowledgment(id=full, reason=reason)
            for rule in rules
            for full in ([rule] if "-" in rule else [f"PCI.DSS.321-{rule}", f"NIST.800.53.R5-{rule}"])
        )
    )


def managed_policy(name: str) -> str:
    """cdk-nag's finding for AWS's own policy `name`, to be acknowledged."""
    return f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"


def wildcard(resource: str) -> str:
    """cdk-nag's finding for a wildcard in `resource`, an ARN of this account, to be acknowledged."""
    told = resource.replace(Aws.PARTITION, "<AWS::Partition>").replace(Aws.ACCOUNT_ID, "<AWS::AccountId>")
    return f"AwsSolutions-IAM5[Resource::{told}]"
