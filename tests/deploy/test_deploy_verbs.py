"""`python -m deploy` as `make diff`, `deploy` and `destroy` call it, against the emulator."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.deploy.deploy_verbs import PATIENCE_SECONDS, Verbs
from tests.deploy.emulator_process import EmulatorProcess

VERSION = "/cdk-bootstrap/hnb659fds/version"


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Verbs:
    """The verbs on a bootstrapped emulator."""
    return Verbs(bootstrapped, tmp_path_factory.mktemp("verbs") / "assembly")


@contextmanager
def bootstrap_version(verbs: Verbs, version: str) -> Iterator[None]:
    """Let the account say that it was bootstrapped by another version of the CDK."""
    ssm = verbs.client("ssm")
    real = ssm.get_parameter(Name=VERSION)["Parameter"]["Value"]
    ssm.put_parameter(Name=VERSION, Value=version, Type="String", Overwrite=True)
    try:
        yield
    finally:
        ssm.put_parameter(Name=VERSION, Value=real, Type="String", Overwrite=True)


def refused(verbs: Verbs, arguments: str) -> str:
    """Run a verb that must be refused before the CDK CLI starts; returns the one line that it said."""
    done = verbs(arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_another_account_is_refused(verbs: Verbs) -> None:
    said = refused(verbs, "deploy -c account=123456789012")
    assert "setting account: 123456789012" in said
    assert "000000000000" in said


def test_a_region_that_is_not_bootstrapped_is_refused_with_the_command_that_does_it(verbs: Verbs) -> None:
    said = refused(verbs, "diff -c region=ca-central-1")
    assert "account 000000000000, region ca-central-1 is not bootstrapped" in said
    assert "make bootstrap ARGS='-c region=ca-central-1'" in said


def test_an_old_bootstrap_is_refused_with_the_command_that_updates_it(verbs: Verbs) -> None:
    with bootstrap_version(verbs, "3"):
        said = refused(verbs, "deploy")
    assert "bootstrap version 3, older than 6" in said
    assert "make bootstrap ARGS='-c region=us-east-1'" in said


def test_ctrl_c_while_the_app_synthesizes(bootstrapped: EmulatorProcess, tmp_path: Path) -> None:
    """The CLI and the app end; AWS was not touched."""
    verbs = Verbs(bootstrapped, tmp_path / "assembly")
    with verbs.job("deploy -c stage=never", tmp_path / "log") as job:
        until(lambda: any(verbs.assembly.glob("asset.*")) or not job.runs())
        said = job.interrupt()
    assert "StaticSite-never" not in verbs.stacks()
    assert said.splitlines()[-1].startswith("interrupted; ")


@pytest.mark.thorough
def test_deploy_with_a_ctrl_c_deploy_again_diff_and_destroy(verbs: Verbs, tmp_path: Path) -> None:
    """Without a name it is StaticSite alone; what destroy tells of the data is what was deployed."""
    settings = "--require-approval never --progress events -c removal_policy=destroy"
    with verbs.job(f"deploy {settings}", tmp_path / "log") as job:
        until(lambda: "deploying..." in job.log.read_text() or not job.runs())
        said = job.interrupt()
    where, caller, *_, last = said.splitlines()
    assert where.startswith("deploy: account 000000000000, region us-east-1, bootstrap version ")
    assert caller.startswith("  as arn:aws:")
    assert last.startswith("interrupted; ")

    # CloudFormation goes on without the CLI, and the next deploy waits for that if it still does
    # (tests/unit/deploy/test_in_progress.py: here it is done too soon to be seen).
    deployed = verbs(f"deploy --require-approval never --app {verbs.assembly}")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert "StaticSite.SiteUrl = https://" in deployed.stdout + deployed.stderr
    assert verbs.stacks() == {"StaticSite"}

    difference = verbs(f"diff StaticSite --fail --app {verbs.assembly}")
    assert difference.returncode == 0, difference.stdout + difference.stderr
    assert difference.stdout.startswith("diff: account 000000000000, region us-east-1, bootstrap version ")
    assert "Number of stacks with differences: 0" in difference.stdout + difference.stderr

    destroyed = verbs(f"destroy --all --force --app {verbs.assembly}")  # now with removal_policy=retain
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert destroyed.stdout.splitlines()[2:4] == [
        "  StaticSite DELETES 1 bucket, 2 log groups with all data",
        "  VisitorCounter is not deployed here",
    ]
    assert verbs.stacks() == set()


def until(condition: Callable[[], object]) -> None:
    """Wait until the condition is true; fails the test when it never is."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)
