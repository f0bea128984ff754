"""The roles for GitHub Actions, deployed to the emulator by `make deploy ARGS=Delivery` and deleted again.

The emulator stores IAM and enforces none of it (docs/emulator.md): what the policies decide is looked at in
tests/unit/stacks/test_delivery*.py, here what AWS would be given.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess
from tests.unit.stacks import github_tokens

pytestmark = pytest.mark.thorough

ACCOUNT = "000000000000"
SETTINGS = "-c delivery_repository=octo-org/octo-repo -c delivery_environments=production,drift"
ROLES = ["delivery-drift", "delivery-production"]


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Verbs:
    return Verbs(bootstrapped, tmp_path_factory.mktemp("delivery") / "assembly")


def done(verbs: Verbs, arguments: str) -> str:
    """Run a verb, which must succeed; returns all that it said."""
    finished = verbs(arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


def outputs(verbs: Verbs, stack: str) -> dict[str, str]:
    (found,) = verbs.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def roles(verbs: Verbs) -> list[str]:
    found = verbs.client("iam").list_roles()["Roles"]
    return sorted(each["RoleName"] for each in found if each["RoleName"].startswith("delivery-"))


def resolved(trust: dict[str, Any]) -> dict[str, Any]:
    """A role as the evaluator of tokens takes it: here the provider's ARN ends with what the emulator made up."""
    for statement in trust["Statement"]:
        arn = statement["Principal"]["Federated"]
        assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:oidc-provider/")
        statement["Principal"]["Federated"] = (
            f"arn:aws:iam::{ACCOUNT}:oidc-provider/{github_tokens.GITHUB[8:]}"
        )
    return {"AssumeRolePolicyDocument": trust}


def test_deploy_and_destroy(verbs: Verbs) -> None:
    said = done(verbs, f"deploy Delivery {SETTINGS} --require-approval=never")
    assert said.startswith(f"deploy: account {ACCOUNT}, region us-east-1, bootstrap version ")
    assert outputs(verbs, "Delivery") == {
        "ProductionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/delivery-production",
        "DriftRoleArn": f"arn:aws:iam::{ACCOUNT}:role/delivery-drift",
    }
    assert roles(verbs) == ROLES

    iam = verbs.client("iam")
    made = iam.get_role(RoleName="delivery-production")["Role"]
    assert made["MaxSessionDuration"] == 3600
    # that the role has it the emulator drops; the golden template shows it
    bound = f"arn:aws:iam::{ACCOUNT}:policy/delivery-production-boundary"
    assert iam.get_policy(PolicyArn=bound)["Policy"]["DefaultVersionId"]
    trust = resolved(made["AssumeRolePolicyDocument"])
    nothing: dict[str, Any] = {"Resources": {}}
    assert github_tokens.may_take(nothing, trust, github_tokens.of_environment())
    assert not github_tokens.may_take(nothing, trust, github_tokens.of_environment("drift"))
    (name,) = iam.list_role_policies(RoleName="delivery-production")["PolicyNames"]
    may = iam.get_role_policy(RoleName="delivery-production", PolicyName=name)["PolicyDocument"]
    assert f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-deploy-role-{ACCOUNT}-us-east-1" in json.dumps(may)

    difference = done(verbs, f"diff Delivery --fail --app {verbs.assembly} {SETTINGS}")
    assert "Number of stacks with differences: 0" in difference
    said = done(verbs, f"destroy Delivery --force --app {verbs.assembly} {SETTINGS}")
    assert "  Delivery holds no data" in said
    assert roles(verbs) == []


def test_a_stage_has_roles_of_its_own(verbs: Verbs) -> None:
    staged = f"{SETTINGS} -c stage=dev -c delivery_oidc_provider=existing"
    done(verbs, f"deploy Delivery-dev {staged} --require-approval=never")
    try:
        assert roles(verbs) == [f"{name}.dev" for name in ROLES]
        assert outputs(verbs, "Delivery-dev").keys() == {"ProductionRoleArn", "DriftRoleArn"}
    finally:
        done(verbs, f"destroy Delivery-dev --force --app {verbs.assembly} {staged}")
    assert roles(verbs) == []


def test_drift_assumes_no_role_so_that_its_workflow_has_to(
    bootstrapped: EmulatorProcess, verbs: Verbs, tmp_path: Path
) -> None:
    """Why the environment `drift` may take the lookup role itself (stacks/delivery.py); `diff` takes it alone."""
    done(verbs, f"deploy Delivery {SETTINGS} --require-approval=never")
    try:
        of_assembly = ("--app", str(verbs.assembly), "--verbose")
        looked = bootstrapped.cdk("drift", "Delivery", *of_assembly, app=tmp_path)
        assert "No drift detected" in looked
        assert "Assuming role" not in looked
        compared = bootstrapped.cdk("diff", "Delivery", *of_assembly, app=tmp_path)
        assert f"Assuming role 'arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-lookup-role-" in compared
    finally:
        done(verbs, f"destroy Delivery --force --app {verbs.assembly} {SETTINGS}")
