"""Findings of the rule packs that are meant: each stands beside its resource, with a reason for an assessor."""

from aws_cdk import Acknowledgment, CfnResource, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, *rules: str, reason: str) -> None:
    """Say why `rules` do not apply to `construct` and what is below it.

    A rule of both PCI DSS and NIST goes by the name that it has in either (`VPCNoUnrestrictedRouteToIGW`); any
    other by its full id (`AwsSolutions-VPC3`). One of checkov (`CKV_AWS_18`) is for the one resource that
    `construct` is, or mainly makes: checkov reads it in the template. Raises TypeError if there is none.
    """
    of_template = [rule for rule in rules if rule.startswith(("CKV_", "CKV2_"))]
    if of_template:
        _skip(construct, of_template, reason)
    Validations.of(construct).acknowledge(
        *(
            Acknowledgment(id=full, reason=reason)
            for rule in rules
            if rule not in of_template
            for full in ([rule] if "-" in rule else [f"PCI.DSS.321-{rule}", f"NIST.800.53.R5-{rule}"])
        )
    )


def _skip(construct: IConstruct, rules: list[str], reason: str) -> None:
    resource = construct if CfnResource.is_cfn_resource(construct) else construct.node.default_child
    if not isinstance(resource, CfnResource):
        raise TypeError(f"{construct.node.path} is no resource, and makes none that checkov could be told of")
    before = resource.get_metadata("checkov") or {"skip": []}
    skipped = [*before["skip"], *({"id": rule, "comment": reason} for rule in rules)]
    resource.add_metadata("checkov", {"skip": skipped})
