"""Findings of the rule packs that are meant: each stands beside its resource, with a reason for an assessor."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from aws_cdk import Acknowledgment, CfnResource, Stack, Validations
from aws_cdk import aws_iam as iam
from constructs import IConstruct

# Rules that cdk-nag's PCI pack does not have. An acknowledgement that nothing needs fails a test.
_NIST_ALONE: Final = frozenset(
    {
        "LambdaConcurrency",
        "LambdaDLQ",
        "RDSInBackupPlan",
        "RDSMultiAZSupport",
        "SecretsManagerRotationEnabled",
    }
)


def acknowledge(construct: IConstruct, *rules: str, reason: str) -> None:
    """Say why `rules` do not apply to `construct` and what is below it.

    A rule of PCI DSS and NIST, or of NIST alone, goes by the name that it has there
    (`VPCNoUnrestrictedRouteToIGW`); any other by its full id (`AwsSolutions-VPC3`). One of checkov (`CKV_AWS_18`)
    is for the one resource that `construct` is, or mainly makes: checkov reads it in the template. Raises TypeError
    if there is none.
    """
    of_template = [rule for rule in rules if rule.startswith(("CKV_", "CKV2_"))]
    if of_template:
        _skip(construct, of_template, reason)
    of_packs = [
        Acknowledgment(id=full, reason=reason)
        for rule in rules
        if rule not in of_template
        for full in ([rule] if "-" in rule else _full(rule))
    ]
    if of_packs:
        Validations.of(construct).acknowledge(*of_packs)


def _full(rule: str) -> list[str]:
    packs = ["NIST.800.53.R5"] if rule in _NIST_ALONE else ["PCI.DSS.321", "NIST.800.53.R5"]
    return [f"{pack}-{rule}" for pack in packs]


def acknowledge_wildcards(
    policy: IConstruct, of: Iterable[str | iam.PolicyStatement], *, reason: str
) -> None:
    """Say why `policy` has these ARNs, or statements of these ARNs, in which there is a star; the others are passed
    over."""
    arns = [arn for each in of for arn in ([each] if isinstance(each, str) else each.resources)]
    found = dict.fromkeys(_written(arn) for arn in Stack.of(policy).resolve(arns))
    acknowledge(
        policy,
        *(f"AwsSolutions-IAM5[Resource::{each}]" for each in found if "*" in each),
        reason=reason,
    )


def _written(arn: Any) -> str:
    """A resolved ARN as cdk-nag writes it: `<AWS::Partition>` for a Ref, `<LogicalId.Arn>` for an attribute."""
    if not isinstance(arn, Mapping):
        return str(arn)
    ((function, argument),) = arn.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_written(part) for part in argument[1])
    return f"<{argument if isinstance(argument, str) else '.'.join(map(str, argument))}>"


def managed_policy(name: str) -> str:
    """cdk-nag's finding for AWS's own policy `name`, to be acknowledged."""
    return f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"


def _skip(construct: IConstruct, rules: list[str], reason: str) -> None:
    resource = construct if isinstance(construct, CfnResource) else construct.node.default_child
    if not isinstance(resource, CfnResource):
        raise TypeError(f"{construct.node.path} is no resource, and makes none that checkov could be told of")
    before = resource.get_metadata("checkov") or {"skip": []}
    skipped = [*before["skip"], *({"id": rule, "comment": reason} for rule in rules)]
    resource.add_metadata("checkov", {"skip": skipped})
