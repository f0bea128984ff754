"""What a workflow's role may do: single actions on named resources, of which its policy and boundary are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from aws_cdk import ArnFormat, DefaultStackSynthesizer, Stack

BootstrapRole = Literal["deploy", "file-publishing", "image-publishing", "lookup"]
"""The roles of `cdk bootstrap` that the CDK CLI assumes; the fifth, cfn-exec, is CloudFormation's alone."""

DEPLOYING: Final[tuple[BootstrapRole, ...]] = ("deploy", "file-publishing", "image-publishing", "lookup")


@dataclass(frozen=True, slots=True)
class Grant:
    """`actions` on `resources`, ARNs; `sid` says what for."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


def assume(stack: Stack, roles: Iterable[BootstrapRole], regions: Iterable[str]) -> Grant:
    """The bootstrap's `roles` in `regions` ("Bootstrapping", AWS CDK Developer Guide): all that deploys is done by
    them, so the workflow's own role needs no right to change anything."""
    return Grant(
        "AssumeBootstrapRoles",
        ("sts:AssumeRole",),
        tuple(
            stack.format_arn(
                service="iam",
                region="",
                resource="role",
                resource_name=f"cdk-{_qualifier()}-{role}-role-{stack.account}-{region}",
            )
            for region in regions
            for role in roles
        ),
    )


def read_bootstrap_version(stack: Stack, regions: Iterable[str]) -> Grant:
    """What deploy/preflight.py asks for before anything else."""
    return Grant(
        "ReadBootstrapVersion",
        ("ssm:GetParameter",),
        tuple(
            stack.format_arn(
                service="ssm",
                region=region,
                resource="parameter",
                resource_name=f"cdk-bootstrap/{_qualifier()}/version",
            )
            for region in regions
        ),
    )


def read_stacks(stack: Stack, names: Iterable[str], regions: Iterable[str]) -> Grant:
    """Stacks by name, `*` for any part of one: their outputs for a smoke test, `make versions` and `make rollback`;
    what they keep for `make preview` and `make destroy` (deploy/remains.py)."""
    named = tuple(names)
    return Grant(
        "ReadStacks",
        ("cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:ListStackResources"),
        tuple(
            stack.format_arn(
                service="cloudformation", region=region, resource="stack", resource_name=f"{name}/*"
            )
            for region in regions
            for name in named
        ),
    )


def ask_publisher(stack: Stack, *, site_stack: str, region: str) -> Grant:
    """The function of `site_stack` that knows the site's versions and makes one live (deploy/site_versions.py).

    CloudFormation names it: the stack, the logical id, and an ending of its own ("Name type", AWS CloudFormation
    User Guide).
    """
    return Grant(
        "AskPublisher",
        ("lambda:InvokeFunction",),
        (
            stack.format_arn(
                service="lambda",
                region=region,
                resource="function",
                resource_name=f"{site_stack}-VersionsPublisher*",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            ),
        ),
    )


def _qualifier() -> str:
    return DefaultStackSynthesizer.DEFAULT_QUALIFIER
