"""The verbs with no more rights than a workflow's role has: what its policies do not allow is AccessDenied.

The emulator enforces no IAM, so tests/deploy/enforced.py stands before it, with the role's own policies and the
evaluator of the unit tests for AWS's. The sessions of the bootstrap roles are not held to anything.
"""

import copy
import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from stacks.github import names
from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.enforced import Call, Enforced
from tests.unit.stacks.delivery_stack import boundary, delivery, policies

pytestmark = pytest.mark.thorough

ACCOUNT = "000000000000"
LOOKUP = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-lookup-role-{ACCOUNT}-us-east-1"
SITE = "-c removal_policy=destroy --require-approval=never"


def enforced(environment: str, emulator: EmulatorProcess) -> Enforced:
    """The rights of a role of the default settings."""
    found = delivery(account=ACCOUNT)
    name = names.role(environment, None)
    key = emulator.env["AWS_ACCESS_KEY_ID"]
    return Enforced(ACCOUNT, key, policies(found, name), boundary(found, name))


def held_by(iam: Enforced, emulator: EmulatorProcess) -> EmulatorProcess:
    """The emulator, reached through `iam` alone."""
    held = copy.copy(emulator)
    held.env = {**emulator.env, "AWS_ENDPOINT_URL": iam.endpoint, "AWS_ENDPOINT_URL_S3": iam.endpoint}
    return held


def verbs_with(iam: Enforced, emulator: EmulatorProcess, assembly: Path) -> Verbs:
    return Verbs(held_by(iam, emulator), assembly)


@pytest.fixture
def production(bootstrapped: EmulatorProcess) -> Iterator[Enforced]:
    with enforced("production", bootstrapped).before(bootstrapped.port) as iam:
        yield iam


def done(verbs: Verbs, arguments: str) -> str:
    """Run a verb, which must succeed; returns all that it said."""
    finished = verbs(arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


def write(site: Path, text: str) -> str:
    """A site to deploy, as the setting names it."""
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text(f"<!doctype html><title>{text}</title>")
    return f"-c site={site}"


def test_production_deploys_compares_rolls_back_and_destroys(
    bootstrapped: EmulatorProcess, production: Enforced, tmp_path: Path
) -> None:
    verbs = verbs_with(production, bootstrapped, tmp_path / "assembly")
    for text in ("one", "two"):
        said = done(verbs, f"deploy {SITE} {write(tmp_path / 'site', text)}")
        assert "bootstrap version " in said, "the role may read it"
        assert "StaticSite.SiteUrl = " in said
    assert "Number of stacks with differences: 0" in done(
        verbs, f"diff StaticSite --fail --app {verbs.assembly}"
    )
    assert len(re.findall(r"^[* ]  \d{8}T", done(verbs, "versions"), re.MULTILINE)) == 2
    assert "live: " in done(verbs, "rollback")
    said = done(verbs, f"destroy StaticSite --force --app {verbs.assembly}")
    assert "  StaticSite DELETES 1 bucket, 2 log groups with all data" in said
    assert production.denied == []
    assert {each.action for each in production.calls} >= {
        "ssm:GetParameter",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "lambda:InvokeFunction",
        "sts:AssumeRole",
    }


def test_preview_and_its_end(bootstrapped: EmulatorProcess, production: Enforced, tmp_path: Path) -> None:
    """The same rights in an environment of any other name."""
    verbs = verbs_with(production, bootstrapped, tmp_path / "assembly")
    site = write(tmp_path / "site", "preview")
    said = done(verbs, f"preview -c stage=pr-42 --require-approval=never {site}")
    assert "`make preview-remove STAGE=pr-42` removes it" in said
    said = done(verbs, f"preview-remove -c stage=pr-42 --force --app {verbs.assembly}")
    assert "StaticSite-pr-42 is gone, and nothing of it stays" in said
    assert production.denied == []
    assert "cloudformation:ListStackResources" in {each.action for each in production.calls}


def test_who_looks_for_drift_takes_the_lookup_role_and_finds_it(
    bootstrapped: EmulatorProcess, tmp_path: Path
) -> None:
    """As its workflow does: `cdk drift` assumes no role, so the job is the lookup role before it calls that."""
    admin = Verbs(bootstrapped, tmp_path / "assembly")
    asked = "-c delivery_repository=octo-org/octo-repo"
    done(admin, f"deploy Delivery {asked} --require-approval=never")
    try:
        with enforced("drift", bootstrapped).before(bootstrapped.port) as iam:
            held = held_by(iam, bootstrapped)
            session = boto3.client(
                "sts",
                endpoint_url=iam.endpoint,
                region_name="us-east-1",
                aws_access_key_id=iam.key,
                aws_secret_access_key="local",
            ).assume_role(RoleArn=LOOKUP, RoleSessionName="drift")["Credentials"]
            held.env = {
                **held.env,
                "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
                "AWS_SESSION_TOKEN": session["SessionToken"],
            }
            found = held.cdk("drift", "Delivery", "--fail", "--app", str(admin.assembly), app=tmp_path)
    finally:
        done(admin, f"destroy Delivery --force --app {admin.assembly} {asked}")
    assert "No drift detected" in found
    assert iam.calls == [Call("sts:AssumeRole", LOOKUP)]
    assert iam.denied == []


def test_who_looks_for_drift_cannot_deploy(bootstrapped: EmulatorProcess, tmp_path: Path) -> None:
    with enforced("drift", bootstrapped).before(bootstrapped.port) as iam:
        verbs = verbs_with(iam, bootstrapped, tmp_path / "assembly")
        failed = verbs(f"deploy {SITE} {write(tmp_path / 'site', 'one')}")
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "StaticSite" not in verbs.stacks()
    assert {each.action for each in iam.denied} >= {"ssm:GetParameter", "sts:AssumeRole"}
