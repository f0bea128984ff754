"""What a workflow's roles may do: take the CDK's bootstrap roles, ask the publisher, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from aws_cdk import App, Environment

from deploy import preflight
from review.platform import iam
from stacks.delivery import Delivery
from stacks.github import names
from stacks.github.settings import LONGEST_STAGE
from stacks.settings import Settings
from tests.unit.stacks.delivery_stack import boundary, delivery, policies, role
from tests.unit.stacks.ecommerce import platform
from tests.unit.stacks.ecommerce.policies import ACCOUNT, allowed, decide
from tests.unit.stacks.ecommerce.service_authorization import Reference
from tests.unit.stacks.synthesis import assembly, template

EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SHOP: dict[str, object] = {"ecommerce": True, "ecommerce_domain": "shop.example.org", "ecommerce_phase": 5}
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-1")
# "IAM and AWS STS quotas": of a managed policy, without white space
MOST_CHARACTERS = 6144
DEPLOYING = ["production", "preview"]


def may(environment: str, action: str, resource: str, **given: object) -> bool:
    name = names.role(environment, str(given["stage"]) if "stage" in given else None)
    found = delivery(**given)
    return allowed(policies(found, name), boundary(found, name), action, resource)


def bootstrap_role(kind: str, region: str = "us-east-1", *, qualifier: str = "hnb659fds") -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/cdk-{qualifier}-{kind}-role-{ACCOUNT}-{region}"


def stack(name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{name}/1f2e3d4c"


def function(name: str) -> str:
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"


def assumed(folder: Path) -> set[str]:
    """Every role that the CDK CLI takes to deploy an assembly: of its stacks, and of their assets."""
    texts = [path.read_text() for path in folder.rglob("*.json") if path.name.endswith("manifest.json")]
    texts += [path.read_text() for path in folder.glob("*.assets.json")]
    found = {arn for text in texts for arn in re.findall(r'"(arn:[^"]*:role/cdk-[^"]*)"', text)}
    return {
        arn.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", ACCOUNT)
        for arn in found
        if "-cfn-exec-role-" not in arn  # handed to CloudFormation by the deploy role
    }


@pytest.mark.parametrize("environment", DEPLOYING)
def test_it_may_take_every_role_that_the_cli_needs_for_site_and_counter(environment: str) -> None:
    needed = assumed(assembly())
    assert len(needed) == 4
    for arn in needed:
        assert may(environment, "sts:AssumeRole", arn), arn


@pytest.mark.thorough
def test_and_for_the_platform_in_each_of_its_regions() -> None:
    needed = assumed(platform.assembly(()))
    assert {arn.rpartition(f"{ACCOUNT}-")[2] for arn in needed} == set(REGIONS)
    for arn in needed:
        assert may("production", "sts:AssumeRole", arn, **SHOP), arn
    assert not may("production", "sts:AssumeRole", bootstrap_role("deploy", "eu-west-1")), "not asked for"


def test_the_region_is_that_of_the_settings() -> None:
    given = {"region": "eu-central-1"}
    assert may("production", "sts:AssumeRole", bootstrap_role("deploy", "eu-central-1"), **given)
    assert not may("production", "sts:AssumeRole", bootstrap_role("deploy"), **given)


@pytest.mark.parametrize("environment", DEPLOYING)
@pytest.mark.parametrize(
    ("action", "resource"),
    [
        (
            "ssm:GetParameter",
            f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter{preflight._VERSION_PARAMETER}",
        ),
        ("cloudformation:DescribeStacks", stack("StaticSite")),
        ("cloudformation:DescribeStacks", stack("VisitorCounter")),
        # make preview, and its end
        ("cloudformation:DescribeStacks", stack("StaticSite-pr-42")),
        ("cloudformation:GetTemplate", stack("StaticSite-pr-42")),
        ("cloudformation:ListStackResources", stack("StaticSite-pr-42")),
    ],
)
def test_what_the_verbs_ask_with_their_own_credentials(environment: str, action: str, resource: str) -> None:
    assert may(environment, action, resource)


@pytest.mark.parametrize("stage", [None, "dev", "s" * LONGEST_STAGE])
def test_it_may_ask_the_publisher_of_its_stage_and_of_no_other(stage: str | None) -> None:
    given = {"stage": stage} if stage else {}
    site = f"StaticSite-{stage}" if stage else "StaticSite"
    (logical_id,) = (
        key
        for key, each in template("StaticSite")["Resources"].items()
        if each["Properties"].get("Handler") == "site_hosting.publisher.handler.handle"
    )
    name = f"{site}-{logical_id}-2Ab3Cd4Ef5Gh"
    assert len(name) <= 64, "AWS Lambda takes no longer one, so CloudFormation would cut it"
    assert may("production", "lambda:InvokeFunction", function(name), **given)
    other = name.replace(site, "StaticSite-other")
    assert not may("production", "lambda:InvokeFunction", function(other), **given)


def test_without_versions_there_is_no_publisher_to_ask() -> None:
    publisher = function("StaticSite-VersionsPublisherABCD1234-2Ab3Cd4Ef5Gh")
    assert may("production", "lambda:InvokeFunction", publisher)
    assert not may("production", "lambda:InvokeFunction", publisher, hosting="website")


def test_with_the_platform_it_reads_the_platforms_stacks_too() -> None:
    network = stack("EcommerceNetwork-eu-west-1", "eu-west-1")
    assert may("production", "cloudformation:DescribeStacks", network, **SHOP)
    assert not may("production", "cloudformation:DescribeStacks", network)


OTHER = [
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    ("sts:AssumeRole", bootstrap_role("cfn-exec")),
    ("sts:AssumeRole", bootstrap_role("deploy", "eu-west-1")),
    ("sts:AssumeRole", bootstrap_role("deploy", qualifier="another")),
    ("sts:AssumeRole", bootstrap_role("deploy").replace(f"::{ACCOUNT}", "::210987654321")),
    ("sts:AssumeRole", bootstrap_role("deploy") + "-and-more"),
    ("sts:AssumeRole", "*"),
    ("sts:TagSession", bootstrap_role("deploy")),
    ("sts:GetFederationToken", "*"),
    ("iam:PassRole", bootstrap_role("cfn-exec")),
    ("iam:CreateUser", "*"),
    ("iam:CreateAccessKey", "*"),
    ("iam:AttachRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/delivery-production"),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/delivery-production"),
    ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/delivery-production"),
    ("iam:DeleteRolePermissionsBoundary", f"arn:aws:iam::{ACCOUNT}:role/delivery-production"),
    ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/delivery-production-boundary"),
    ("iam:UpdateOpenIDConnectProviderThumbprint", "*"),
    ("s3:GetObject", "arn:aws:s3:::anything/at-all"),
    ("s3:PutObject", f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-us-east-1/x"),
    ("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/database/password"),
    ("ssm:PutParameter", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/cdk-bootstrap/hnb659fds/version"),
    ("secretsmanager:GetSecretValue", "*"),
    ("lambda:InvokeFunction", function("another")),
    ("lambda:InvokeFunction", function("VisitorCounter-VersionsPublisher-1")),
    ("lambda:UpdateFunctionCode", function("StaticSite-VersionsPublisherABCD1234-1")),
    ("cloudformation:DescribeStacks", stack("Payroll")),
    ("cloudformation:DescribeStacks", stack("StaticSites")),
    ("cloudformation:DescribeStacks", "*"),
    ("cloudformation:DeleteStack", stack("StaticSite")),
    ("cloudformation:UpdateStack", stack("StaticSite")),
    ("cloudformation:CreateChangeSet", stack("StaticSite")),
]


@pytest.mark.parametrize("environment", [*DEPLOYING, "drift"])
@pytest.mark.parametrize(("action", "resource"), OTHER)
def test_it_may_do_nothing_else_whatever_is_attached_to_it(
    environment: str, action: str, resource: str
) -> None:
    assert not may(environment, action, resource)
    bound = boundary(delivery(), names.role(environment, None))
    assert not allowed([EVERYTHING], bound, action, resource)
    assert decide(bound, action, resource) == "deny", "a resource policy could pass what is only not allowed"


@pytest.mark.parametrize("kind", ["deploy", "file-publishing", "image-publishing", "lookup"])
def test_who_looks_for_drift_takes_the_lookup_role_and_cannot_deploy(kind: str) -> None:
    assert may("drift", "sts:AssumeRole", bootstrap_role(kind)) is (kind == "lookup")


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cloudformation:DescribeStacks", stack("StaticSite")),
        ("lambda:InvokeFunction", function("StaticSite-VersionsPublisherABCD1234-1")),
        ("ssm:GetParameter", f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/cdk-bootstrap/hnb659fds/version"),
    ],
)
def test_and_does_nothing_by_itself(action: str, resource: str) -> None:
    """What it reads, it reads with the lookup role."""
    assert not may("drift", action, resource)
    assert decide(boundary(delivery(), "delivery-drift"), action, resource) == "deny"


@pytest.mark.parametrize("given", [{}, SHOP], ids=["site and counter", "platform too"])
def test_the_boundary_fits_into_a_managed_policy(given: dict[str, object]) -> None:
    text = json.dumps(boundary(delivery(**given), "delivery-production"), separators=(",", ":"))
    assert len(text) < MOST_CHARACTERS * 0.9


def test_every_action_is_one_of_aws_and_kept_to_some_resources() -> None:
    known = Reference()
    templates = {"Delivery": delivery(**SHOP)}
    assert iam.unknown_actions(templates, known) == []
    assert iam.too_wide(templates, known) == []


@pytest.mark.parametrize("stage", [None, "dev"])
def test_a_workflow_can_compute_its_roles_name(stage: str | None) -> None:
    found = delivery(**({"stage": stage} if stage else {}))
    expected = "delivery-production.dev" if stage else "delivery-production"
    assert names.role("production", stage) == expected
    assert role(found, expected)
    assert found["Outputs"].keys() == {"ProductionRoleArn", "PreviewRoleArn", "DriftRoleArn"}


def test_the_longest_names_fit() -> None:
    """ "IAM and AWS STS quotas": 64 characters of a role, 128 of a policy."""
    environment, stage = "e" * 30, "s" * LONGEST_STAGE
    assert len(names.role(environment, stage)) <= 64
    given = {"delivery_environments": environment, "stage": stage}
    assert role(delivery(**given), names.role(environment, stage))


def test_no_two_roles_can_have_one_name() -> None:
    """An environment with a hyphen and a stage with one could be read in two ways."""
    assert names.role("a-b", None) != names.role("a", "b")
    assert names.role("a", "b-c") != names.role("a-b", "c")


def test_without_a_repository_there_is_no_such_stack() -> None:
    assert not (assembly() / "Delivery.template.json").exists()
    assert Settings().delivery_repository is None


def test_the_settings_without_a_repository_are_no_stack() -> None:
    with pytest.raises(ValueError, match="needs the setting delivery_repository"):
        Delivery(App(), "It", env=Environment(), settings=Settings(), site="Site", counter="Counter")
