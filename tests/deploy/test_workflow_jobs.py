"""Every `run:` step of the workflows that touch an account, executed here: by the real make, CDK CLI and emulator.

Stand-ins: what the actions before would leave behind (credentials, a checkout), and `gh`, which has no GitHub here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess
from tests.unit.workflows.workflow_run import ROOT, Ran, path_with, run_job, workflow

pytestmark = pytest.mark.thorough

ACCOUNT = "000000000000"
JOBS = {("deploy", "deploy"), ("preview", "deploy"), ("preview", "remove"), ("drift", "detect")}
_EXECUTED: set[tuple[str, str, str]] = set()


class Runner:
    """Runs jobs in this checkout, with the site and the cloud assembly in `folder`."""

    def __init__(self, emulator: EmulatorProcess, folder: Path) -> None:
        self.site = folder / "site"
        self.site.mkdir()
        self.assembly = folder / "assembly"
        self._emulator = emulator
        self._folder = folder
        self._runs = 0

    def write(self, page: str) -> None:
        (self.site / "index.html").write_text(page)

    def __call__(self, name: str, job: str, **environment: str) -> Ran:
        self._runs += 1
        scratch = self._folder / f"run-{self._runs}"
        scratch.mkdir()
        settings = f"-c site={self.site} -c removal_policy=destroy -c stage=main -o {self.assembly}"
        ran = run_job(
            name,
            job,
            folder=ROOT,
            scratch=scratch,
            context={
                "vars.AWS_ACCOUNT_ID": ACCOUNT,
                "vars.AWS_PREVIEW_ACCOUNT_ID": ACCOUNT,
                "vars.STACKS": "StaticSite-main",
                "vars.SETTINGS": settings,
                "vars.SMOKE": "--timeout 5",
                "github.event.number": "42",
                "github.token": "a token",
                "github.repository": "octo-org/octo-repo",
            },
            environment={**self._emulator.env, **environment},
        )
        _EXECUTED.update((name, job, step) for step, how in ran.outcomes.items() if how != "skipped")
        return ran


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Verbs:
    return Verbs(bootstrapped, tmp_path_factory.mktemp("jobs") / "assembly")


@pytest.fixture(scope="module")
def run(
    bootstrapped: EmulatorProcess, verbs: Verbs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runner]:
    """What it deploys to the emulator, which others share, goes with it."""
    runner = Runner(bootstrapped, tmp_path_factory.mktemp("workflows"))
    yield runner
    gone = verbs("destroy StaticSite-main --force -c stage=main -c removal_policy=destroy")
    assert gone.returncode == 0, gone.stderr


def test_a_deploy_is_asked_and_one_that_fails_goes_back(run: Runner, verbs: Verbs) -> None:
    run.write("<!doctype html><title>one</title>")
    first = run("deploy", "deploy")
    assert not first.failed, first.said
    assert first.outputs["before"] == {"version": ""}, "nothing was live"
    assert first.outcomes["Go back to the version before"] == "skipped"
    assert first.outputs["urls"]["site"].startswith("https://")

    run.write("")
    broken = run("deploy", "deploy")
    assert broken.failed
    assert broken.outcomes["smoke"] == "failure"
    assert "an empty page" in broken.said["smoke"]
    assert broken.outcomes["Go back to the version before"] == "success", broken.said
    assert broken.outputs["before"]["version"] in broken.summary
    assert verbs("versions --live -c stage=main").stdout.strip() == broken.outputs["before"]["version"]


def test_no_drift_is_no_issue(run: Runner, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    ran = run("drift", "detect", PATH=path_with(tmp_path / "bin", gh=f'echo "$@" >> {asked}'))
    assert not ran.failed, ran.said
    assert ran.outputs["drift"] == {"found": "false"}
    assert not asked.exists()


@pytest.mark.parametrize(("open_issue", "then"), [("", "issue create"), ("7", "issue edit 7")])
def test_drift_is_one_issue_by_a_gh_and_a_make_that_stand_in(
    run: Runner, tmp_path: Path, open_issue: str, then: str
) -> None:
    asked = tmp_path / "asked"
    programs = {
        "gh": f'echo "$@" >> {asked}; if [ "$2" = list ]; then echo "{open_issue}"; fi',
        "make": 'if [ "$1" = drift ]; then echo "# Drift" > drift.md; exit 2; fi',
    }
    try:
        ran = run("drift", "detect", PATH=path_with(tmp_path / "bin", **programs))
    finally:
        (ROOT / "drift.md").unlink(missing_ok=True)
    assert not ran.failed, ran.said
    assert ran.summary == "# Drift\n"
    assert asked.read_text().splitlines()[-1].startswith(then)


def test_a_drift_command_that_fails_is_no_drift_by_a_make_that_stands_in(run: Runner, tmp_path: Path) -> None:
    programs = {"make": 'if [ "$1" = drift ]; then exit 2; fi', "gh": "exit 1"}
    ran = run("drift", "detect", PATH=path_with(tmp_path / "bin", **programs))
    assert ran.outcomes["drift"] == "failure"


def test_a_preview_comes_and_goes_with_its_pull_request(run: Runner, verbs: Verbs) -> None:
    came = run("preview", "deploy")
    assert not came.failed, came.said
    assert came.outputs["preview"]["url"].startswith("https://")
    assert "StaticSite-pr-42" in verbs.stacks()
    went = run("preview", "remove")
    assert not went.failed, went.said
    assert "StaticSite-pr-42" not in verbs.stacks()


def test_no_step_was_left_out() -> None:
    wanted = {
        (name, job, step.get("id") or step["name"])
        for name, job in JOBS
        for step in workflow(name)["jobs"][job]["steps"]
        if "run" in step
    }
    assert wanted - _EXECUTED == set()
