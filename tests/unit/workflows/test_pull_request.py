"""The steps of .github/workflows/pull-request.yml, run as they stand there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from review.template_diff.report import MARKER
from tests.parts import require
from tests.unit.workflows import github_api
from tests.unit.workflows.github_api import BOT, Comments
from tests.unit.workflows.workflow_run import ROOT, run_script, workflow

WORKFLOW = workflow("pull-request")
STEPS = WORKFLOW["jobs"]["template-diff"]["steps"]
FIRST = f"{MARKER}\n**Nothing changes** in 1 stack.\n"


def run(name: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a step's script as GitHub's runner does."""
    (step,) = (each for each in STEPS if each.get("name") == name)
    assert "${{" not in step["run"], "what GitHub fills in is no shell code"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("G")}
    return run_script("pull-request", step["run"], folder=folder, environment=inherited | variables)


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The runner's variables."""
    return {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_REPOSITORY": "octo/shop",
    }


@pytest.fixture
def comments() -> Iterator[Comments]:
    require("gh", shutil.which("gh") is not None, "install GitHub's command line: apt install gh")
    with github_api.serving() as served:
        yield served


def comment(
    text: str, comments: Comments, runner: dict[str, str], head: str = "octo/shop"
) -> "subprocess.CompletedProcess[str]":
    """The last step, with what its `env` has on GitHub; `gh` knows the host github.localhost as one without TLS."""
    (Path(runner["RUNNER_TEMP"]) / "template-diff.md").write_text(text)
    own = {"GH_TOKEN": "t", "PULL_REQUEST": "7", "HEAD_REPOSITORY": head}
    assert own.keys() == STEPS[-1]["env"].keys()
    outside = {"GH_HOST": "github.localhost", "HTTP_PROXY": comments.proxy, "NO_PROXY": ""}
    config = {"GH_CONFIG_DIR": runner["RUNNER_TEMP"]}
    return run("Comment on the pull request", ROOT, **runner, **own, **outside, **config)


def test_one_comment_that_is_edited_with_a_stand_in_for_the_api(
    comments: Comments, runner: dict[str, str]
) -> None:
    for author in ("a", "b", "c"):
        comments.add(author, "hello")
    assert comment(FIRST, comments, runner).returncode == 0
    comments.add("d", "more")
    second = FIRST + "`$(touch /tmp/x)` \" ' @file\n"
    done = comment(second, comments, runner)
    assert done.returncode == 0, done.stderr
    assert [each["body"] for each in comments.all] == ["hello"] * 3 + [second, "more"]
    assert comments.asked[-1] == "PATCH /repos/octo/shop/issues/comments/103"


def test_a_comment_of_somebody_else_stays_with_a_stand_in_for_the_api(
    comments: Comments, runner: dict[str, str]
) -> None:
    comments.add("mallory", f"{MARKER}\nall is well\n")
    comments.add(BOT, f"another workflow's, which quotes {MARKER}")
    assert comment(FIRST, comments, runner).returncode == 0
    assert [each["user"]["login"] for each in comments.all] == ["mallory", BOT, BOT]
    assert comments.all[0]["body"].endswith("all is well\n")
    assert comments.all[-1]["body"] == FIRST


@pytest.mark.parametrize("head", ["mallory/shop", ""], ids=["fork", "deleted fork"])
def test_a_fork_gets_no_comment_and_is_told_why_with_a_stand_in_for_the_api(
    comments: Comments, runner: dict[str, str], head: str
) -> None:
    done = comment(FIRST, comments, runner, head)
    assert done.returncode == 0
    assert comments.asked == []
    assert done.stdout.startswith("::notice::No comment: the branch is in another repository")
    assert "may only read" in Path(runner["GITHUB_STEP_SUMMARY"]).read_text()


def test_a_refused_comment_fails_the_step_with_a_stand_in_for_the_api(
    comments: Comments, runner: dict[str, str]
) -> None:
    comments.refuse = True
    done = comment(FIRST, comments, runner)
    assert done.returncode != 0
    assert "Resource not accessible" in done.stdout + done.stderr


def test_the_summary_gets_the_same(runner: dict[str, str]) -> None:
    (Path(runner["RUNNER_TEMP"]) / "template-diff.md").write_text(FIRST)
    assert run("Job summary", ROOT, **runner).returncode == 0
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text() == FIRST


def test_rights_and_queue() -> None:
    assert WORKFLOW["permissions"] == {}
    job = WORKFLOW["jobs"]["template-diff"]
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is True
    checkout = STEPS[0]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout["uses"])
    # two: the merge, and its first parent, which the templates are compared with
    assert checkout["with"] == {"fetch-depth": 2, "persist-credentials": False}


@pytest.mark.thorough
def test_compares_a_merge_with_its_first_parent(tmp_path: Path, runner: dict[str, str]) -> None:
    """In a clone of two commits' depth as on GitHub, with this checkout's packages and no set-up."""

    def git(*arguments: str, cwd: Path) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True)

    whole, clone = tmp_path / "whole", tmp_path / "clone"
    git("clone", "--quiet", str(ROOT), str(whole), cwd=tmp_path)
    git("checkout", "--quiet", "-b", "base", cwd=whole)
    git("checkout", "--quiet", "-b", "topic", cwd=whole)
    settings = whole / "cdk.json"
    settings.write_text(
        settings.read_text().replace('"context": {', '"context": {\n"log_retention_days": 7,')
    )
    git("commit", "--quiet", "--all", "-m", "shorter", cwd=whole)
    git("checkout", "--quiet", "base", cwd=whole)
    git("merge", "--quiet", "--no-ff", "-m", "merge", "topic", cwd=whole)
    git("clone", "--quiet", "--depth=2", f"file://{whole}", str(clone), cwd=tmp_path)
    for name in (".venv", ".cache", "node_modules"):
        (clone / name).symlink_to(ROOT / name)

    done = run("Compare the templates", clone, **runner, PYTHON="true")
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "template-diff.md").read_text()
    assert text.startswith(f"{MARKER}\n")
    assert re.search(r"^\d+ changes in 2 stacks: \d+ changed\.$", text, re.MULTILINE), text[:1000]
    assert "`AWS::Logs::LogGroup` | `RetentionInDays` |" in text
