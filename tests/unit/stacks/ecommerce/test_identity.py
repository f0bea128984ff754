"""What no role of the platform can do, and what people's roles can."""

import json
from typing import Any

import pytest

from stacks.ecommerce import names
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import artifacts, platform
from tests.unit.stacks.ecommerce.policies import ACCOUNT, allowed, decide, text
from tests.unit.stacks.synthesis import Template

BOUNDARY_ARN = f"arn:aws:iam::{ACCOUNT}:policy/{names.boundary(None)}"
HERE = {"aws:RequestedRegion": "eu-west-1"}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
# "IAM and AWS STS quotas": of a managed policy, without white space
MOST_CHARACTERS = 6144
TO_SSM, TO_EC2 = ({"iam:PassedToService": f"{service}.amazonaws.com"} for service in ("ssm", "ec2"))


def identity() -> Template:
    return platform()[stack_name("Identity", DEFAULT.primary.name, None)]


def boundary() -> dict[str, Any]:
    (document,) = (
        each["Properties"]["PolicyDocument"]
        for each in identity()["Resources"].values()
        if each["Properties"].get("ManagedPolicyName") == names.boundary(None)
    )
    return dict(document)


def roles() -> dict[str, Template]:
    return {
        each["Properties"]["RoleName"]: each["Properties"]
        for each in identity()["Resources"].values()
        if each["Type"] == "AWS::IAM::Role"
    }


def test_the_boundary_fits_into_a_managed_policy_with_room_for_another_tenth() -> None:
    regions = len(DEFAULT.regions)
    longest = json.dumps(boundary(), separators=(",", ":")).replace("AWS::Partition", "aws-us-gov")
    assert len(longest) + (15 - regions) * len('"ap-southeast-1",') < MOST_CHARACTERS * 0.9


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::any/object"),
        ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/ecommerce-carts"),
        ("kms:Decrypt", "*"),
        ("secretsmanager:GetSecretValue", "*"),
        ("events:PutEvents", "*"),
        ("ec2:RunInstances", "*"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/node"),
        ("iam:CreateInstanceProfile", "*"),
        ("elasticloadbalancing:RegisterTargets", "*"),
        ("backup:StartCopyJob", "*"),
        ("rds:PromoteReadReplica", "*"),
        ("logs:PutLogEvents", "*"),
        ("eks-auth:AssumeRoleForPodIdentity", "*"),
    ],
)
def test_what_the_platform_does_passes(action: str, resource: str) -> None:
    assert decide(boundary(), action, resource, HERE) == "allow"


# Each a way to more than was given, or to a trail that is cold. Those that begin with iam: are the ways to more
# rights that Rhino Security Labs' list of privilege escalations knows.
ESCAPES = [
    ("iam:CreateUser", "*", {}),
    ("iam:CreateAccessKey", "*", {}),
    ("iam:CreateLoginProfile", "*", {}),
    ("iam:UpdateLoginProfile", "*", {}),
    ("iam:AttachUserPolicy", "*", {}),
    ("iam:PutUserPolicy", "*", {}),
    ("iam:AddUserToGroup", "*", {}),
    ("iam:AttachGroupPolicy", "*", {}),
    ("iam:PutGroupPolicy", "*", {}),
    ("iam:DeactivateMFADevice", "*", {}),
    ("iam:CreateSAMLProvider", "*", {}),
    ("iam:UpdateOpenIDConnectProviderThumbprint", "*", {}),
    ("iam:UpdateAssumeRolePolicy", "*", {}),
    ("iam:CreateRole", "*", {}),
    ("iam:CreateRole", "*", {"iam:PermissionsBoundary": "arn:aws:iam::123456789012:policy/other"}),
    ("iam:AttachRolePolicy", "*", {}),
    ("iam:PutRolePolicy", "*", {}),
    ("iam:PutRolePermissionsBoundary", "*", {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/other"}),
    ("iam:DeleteRolePermissionsBoundary", "*", {"iam:PermissionsBoundary": BOUNDARY_ARN}),
    ("iam:CreatePolicyVersion", BOUNDARY_ARN, {}),
    ("iam:SetDefaultPolicyVersion", BOUNDARY_ARN, {}),
    ("iam:DeletePolicyVersion", BOUNDARY_ARN, {}),
    ("iam:DeletePolicy", BOUNDARY_ARN, {}),
    ("sts:GetFederationToken", "*", {}),
    ("sts:AssumeRole", "arn:aws:iam::123456789012:role/cdk-hnb659fds-deploy-role-123456789012-eu-west-1", {}),
    ("sts:AssumeRole", "arn:aws:iam::123456789012:role/ecommerce-break-glass", {}),
    ("organizations:LeaveOrganization", "*", {}),
    ("account:DisableRegion", "*", {}),
    ("cloudtrail:StopLogging", "*", {}),
    ("cloudtrail:DeleteTrail", "*", {}),
    ("cloudtrail:PutEventSelectors", "*", {}),
    ("guardduty:DeleteDetector", "*", {}),
    ("guardduty:DisassociateFromAdministratorAccount", "*", {}),
    ("config:StopConfigurationRecorder", "*", {}),
    ("securityhub:DisableSecurityHub", "*", {}),
    ("access-analyzer:DeleteAnalyzer", "*", {}),
    ("logs:DeleteLogGroup", "*", {}),
    ("ec2:DeleteFlowLogs", "*", {}),
    ("wafv2:DisassociateWebACL", "*", {}),
    ("backup:DeleteRecoveryPoint", "*", {}),
    ("backup:DeleteBackupVaultLockConfiguration", "*", {}),
    ("kms:ScheduleKeyDeletion", "*", {}),
    ("kms:PutKeyPolicy", "*", {}),
    ("dynamodb:DeleteTable", "*", {}),
    ("s3:GetObject", "*", {"aws:RequestedRegion": "eu-north-1"}),
    ("ec2:RunInstances", "*", {"aws:RequestedRegion": "us-west-2"}),
]


@pytest.mark.parametrize(("action", "resource", "context"), ESCAPES)
def test_no_role_steps_out_however_much_it_is_given(
    action: str, resource: str, context: dict[str, str]
) -> None:
    request = (action, resource, {**HERE, **context})
    assert decide(boundary(), *request) == "deny", "a resource policy could pass what is only not allowed"
    assert not allowed([EVERYTHING], boundary(), *request)


@pytest.mark.parametrize(
    "action",
    ["iam:CreatePolicy", "cloudformation:CreateStack", "glue:GetTable", "sagemaker:CreateNotebookInstance"],
)
def test_what_nobody_needs_is_not_there(action: str) -> None:
    assert not allowed([EVERYTHING], boundary(), action, "*", HERE)


@pytest.mark.parametrize("action", ["iam:GetRole", "route53:GetHealthCheck", "arc-region-switch:GetPlan"])
def test_services_in_no_region_are_reached_from_anywhere(action: str) -> None:
    assert decide(boundary(), action, "*", {"aws:RequestedRegion": "us-west-2"}) == "allow"


def test_the_regions_are_those_of_the_topology() -> None:
    for region in DEFAULT.regions:
        assert decide(boundary(), "s3:GetObject", "*", {"aws:RequestedRegion": region.name}) == "allow"


@pytest.mark.parametrize(
    ("context", "may"),
    [
        ({}, False),
        ({"aws:MultiFactorAuthPresent": "false"}, False),
        ({"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "3700"}, False),
        ({"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"}, True),
    ],
)
@pytest.mark.parametrize("who", ["auditor", "operator", "break-glass"])
def test_people_need_a_second_factor_of_this_hour_and_have_an_hour(
    who: str, context: dict[str, str], may: bool
) -> None:
    role = roles()[names.role(who, None)]
    assert decide(role["AssumeRolePolicyDocument"], "sts:AssumeRole", "*", context) == (
        "allow" if may else "nothing"
    )
    assert role["MaxSessionDuration"] == 3600
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert text(statement["Principal"]["AWS"]) == f"arn:aws:iam::{ACCOUNT}:root"


def operator() -> dict[str, Any]:
    (document,) = (
        each["Properties"]["PolicyDocument"]
        for each in identity()["Resources"].values()
        if each["Type"] == "AWS::IAM::ManagedPolicy" and "ManagedPolicyName" not in each["Properties"]
    )
    return dict(document)


@pytest.mark.parametrize(
    ("action", "resource", "context", "may"),
    [
        (
            "ssm:StartAutomationExecution",
            f"automation-definition/{names.runbook('switch-region', None)}:1",
            {},
            True,
        ),
        ("ssm:StartAutomationExecution", "automation-definition/AWS-RunShellScript:1", {}, False),
        ("ssm:StartAutomationExecution", "automation-definition/other:1", {}, False),
        ("ssm:SendCommand", "document/ecommerce-failover", {}, False),
        (
            "iam:PassRole",
            "role/EcommerceRunbooks-us-east-1-Role",
            TO_SSM,
            True,
        ),
        (
            "iam:PassRole",
            "role/EcommerceRunbooks-us-east-1-Role",
            TO_EC2,
            False,
        ),
        ("iam:PassRole", "role/ecommerce-break-glass", TO_SSM, False),
        ("arc-region-switch:StartPlanExecution", f"plan/{names.region_switch_plan(None)}:a1b2c3", {}, True),
        (
            "arc-region-switch:ApprovePlanExecutionStep",
            f"plan/{names.region_switch_plan(None)}:a1b2c3",
            {},
            True,
        ),
        ("arc-region-switch:StartPlanExecution", "plan/another:a1b2c3", {}, False),
        ("arc-region-switch:DeletePlan", f"plan/{names.region_switch_plan(None)}:a1b2c3", {}, False),
        ("rds:DeleteDBInstance", "db:ecommerce-orders", {}, False),
        ("secretsmanager:GetSecretValue", "secret:ecommerce/payments", {}, False),
    ],
)
def test_the_operator_runs_the_recovery_and_nothing_else(
    action: str, resource: str, context: dict[str, str], may: bool
) -> None:
    service = action.split(":")[0]
    where = "" if service in ("iam", "arc-region-switch") else "eu-west-1"
    arn = f"arn:aws:{service}:{where}:{ACCOUNT}:{resource}"
    assert allowed([operator()], boundary(), action, arn, {**HERE, **context}) is may


def test_only_who_has_to_mend_the_boundary_or_reads_is_without_it() -> None:
    assert {name for name, role in roles().items() if "PermissionsBoundary" not in role} == {
        names.role("auditor", None),
        names.role("break-glass", None),
    }


def test_every_other_stack_waits_for_it() -> None:
    """A role whose boundary is not there yet cannot be made, and its name is no reference that would order them."""
    first = stack_name("Identity", DEFAULT.primary.name, None)
    assert len(artifacts()) > len(DEFAULT.regions)
    for name, found in artifacts().items():
        assert name == first or first in found["dependencies"]


def test_every_role_of_another_stack_has_the_boundary() -> None:
    for name, found in platform().items():
        if name.startswith("EcommerceIdentity"):
            continue
        for logical_id, each in found["Resources"].items():
            if each["Type"] == "AWS::IAM::Role":
                bound = text(each["Properties"]["PermissionsBoundary"])
                assert bound == BOUNDARY_ARN, f"{name} {logical_id}"
