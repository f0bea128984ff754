"""What every workflow keeps to, whatever it does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.workflows.workflow_run import ROOT, WORKFLOWS, workflow

NAMES = sorted(path.stem for path in WORKFLOWS.glob("*.yml"))
every_workflow = pytest.mark.parametrize("name", NAMES)
_PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def steps(name: str) -> Iterator[dict[str, Any]]:
    for job in workflow(name)["jobs"].values():
        yield from job["steps"]


@every_workflow
def test_actions_are_pinned_by_commit_and_say_which_version_that_is(name: str) -> None:
    lines = (WORKFLOWS / f"{name}.yml").read_text().splitlines()
    used = [line.strip().removeprefix("- ") for line in lines if "uses:" in line]
    assert used
    assert [line for line in used if not _PINNED.fullmatch(line)] == []


def test_an_action_is_the_same_version_everywhere() -> None:
    used = {step["uses"] for name in NAMES for step in steps(name) if "uses" in step}
    assert len(used) == len({each.partition("@")[0] for each in used})


@every_workflow
def test_nothing_is_permitted_that_a_job_does_not_name(name: str) -> None:
    whole = workflow(name)
    assert whole["permissions"] in ({}, {"contents": "read"})
    for job in whole["jobs"].values():
        allowed = job.get("permissions", {})
        assert allowed.keys() <= {"contents", "id-token", "issues", "pull-requests"}
        assert allowed.get("contents", "read") == "read"
        assert job["timeout-minutes"] <= 60


@every_workflow
def test_no_key_is_kept_and_no_text_of_others_becomes_a_command(name: str) -> None:
    text = (WORKFLOWS / f"{name}.yml").read_text()
    assert "secrets." not in text
    assert "aws-access-key-id" not in text
    assert all("${{" not in step["run"] for step in steps(name) if "run" in step)
    checkouts = [step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@every_workflow
def test_what_changes_an_account_is_queued_and_never_cancelled(name: str) -> None:
    whole = workflow(name)
    changes = any("role-to-assume" in step.get("with", {}) for step in steps(name))
    assert whole["concurrency"]["cancel-in-progress"] is not changes


@every_workflow
def test_credentials_come_after_the_synth_and_only_of_the_account_that_is_meant(name: str) -> None:
    for job in workflow(name)["jobs"].values():
        for place, step in enumerate(job["steps"]):
            if "role-to-assume" in step.get("with", {}):
                assert job["environment"], "its role is that of an environment"
                assert step["with"]["allowed-account-ids"] in step["with"]["role-to-assume"]
                before = [each["run"] for each in job["steps"][:place] if "run" in each]
                assert all(each.startswith("make synth") for each in before)


# Who runs the steps of each job outside of GitHub.
EXECUTED_BY = {
    ("ci", "test"): ".ci/run",  # is what runs these tests
    ("pull-request", "template-diff"): "tests/unit/workflows/test_pull_request.py",
    ("deploy", "deploy"): "tests/deploy/test_workflow_jobs.py",
    ("preview", "deploy"): "tests/deploy/test_workflow_jobs.py",
    ("preview", "remove"): "tests/deploy/test_workflow_jobs.py",
    ("drift", "detect"): "tests/deploy/test_workflow_jobs.py",
}


def test_the_steps_of_every_job_are_run_somewhere_else_too() -> None:
    jobs = {(name, job) for name in NAMES for job in workflow(name)["jobs"]}
    assert jobs == EXECUTED_BY.keys()
    for (name, _), where in EXECUTED_BY.items():
        assert where == ".ci/run" or name in (ROOT / where).read_text()
