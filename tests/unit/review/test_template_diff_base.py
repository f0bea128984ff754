"""`make template-diff BASE=…`: a real git repository, the real CDK CLI, and what is left behind: nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy import cdk_cli
from deploy.errors import RefusedError
from review.template_diff import base

ROOT = Path(__file__).resolve().parents[3]
APP = """\
# an assembly by hand: the CDK itself takes seconds to load, and the CLI asks only for this
import json, os, sys, time
from pathlib import Path
import part
with open(os.environ["SEEN"], "a") as seen:
    seen.write(part.NAME + " " + ",".join(n for n in os.environ if n[:4] == "AWS_") + "\\n")
context = json.loads(os.environ["CDK_CONTEXT_JSON"])
if "wait" in context:
    time.sleep(120)
if "refuse" in context:
    sys.exit("setting refuse: not legal")
out = Path(os.environ["CDK_OUTDIR"])
bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": part.NAME}}
(out / "A.template.json").write_text(json.dumps({"Resources": {"Bucket": bucket}}))
stack = {
    "type": "aws:cloudformation:stack",
    "environment": "aws://unknown-account/unknown-region",
    "properties": {"templateFile": "A.template.json"},
}
(out / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": {"A": stack}}))
"""


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an app of one bucket, committed, and a changed name in the working tree. A hook of it
    would leave a file."""
    folder = tmp_path / "check out"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    (folder / "cdk.json").write_text('{"app": "python3 app.py"}')
    (folder / "app.py").write_text(APP)
    (folder / "part.py").write_text('NAME = "old"\n')
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    (folder / "part.py").write_text('NAME = "new"\n')
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch '{tmp_path}/hook ran'\n")
    hook.chmod(0o755)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    monkeypatch.setattr(cdk_cli, "ROOT", folder)
    return folder


def clean(checkout: Path) -> None:
    """Nothing is left: no folder, no worktree, no change."""
    assert not list((checkout.parent / "tmp").glob("template-diff-*"))
    assert len(git(checkout, "worktree", "list").splitlines()) == 1
    assert git(checkout, "status", "--short", "--untracked-files=no") == "M part.py"
    assert not (checkout.parent / "hook ran").exists()


def test_both_are_synthesized_from_their_own_modules_without_credentials(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setenv("GIT_INDEX_FILE", "as-in-a-hook")
    with base.synthesized("main") as both:
        texts = [(each / "A.template.json").read_text() for each in (both.before, both.after)]
        assert both.same_packages
        (checkout / "requirements.txt").write_text("boto3==2")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert ['"old"' in texts[0], '"new"' in texts[1]] == [True, True]
    seen = (checkout.parent / "seen").read_text().splitlines()
    assert [line.split()[0] for line in seen] == ["old", "new"]
    assert not [line for line in seen if "KEY" in line]
    clean(checkout)


@pytest.mark.parametrize(
    ("setting", "error", "says"),
    [
        ("refuse=1", RefusedError, r"^HEAD \(\w+\): setting refuse: not legal$"),
        ("crash=1", base.SynthError, r"^HEAD \(\w+\): its synth failed:\n"),
    ],
)
def test_a_synth_that_fails_names_the_commit_and_leaves_nothing(
    checkout: Path, setting: str, error: type[Exception], says: str
) -> None:
    if setting.startswith("crash"):
        (checkout / "part.py").write_text("NAME = nothing\n")
        git(checkout, "commit", "--quiet", "--all", "-m", "broken")
        (checkout / "part.py").write_text('NAME = "new"\n')
    with pytest.raises(error, match=says), base.synthesized("HEAD", [setting]):
        pass
    clean(checkout)


def test_packages_that_differ_are_told(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("boto3==2")
    with base.synthesized("HEAD") as both:
        assert not both.same_packages


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdk_cli, "ROOT", tmp_path)
    with pytest.raises(RefusedError, match="--base main: no commit"), base.synthesized("main"):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RefusedError, match="git is not installed"), base.synthesized("main"):
        pass


@pytest.mark.parametrize("where", ["app", "checkout"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_interrupted_it_leaves_nothing_running_and_nothing_behind(
    checkout: Path, number: signal.Signals, where: str
) -> None:
    """While the app runs, and while git still writes the files of the other commit, with a filter that is slow."""
    if where == "checkout":
        (checkout / ".gitattributes").write_text("app.py filter=slow\n")
        git(checkout, "add", ".gitattributes")
        git(checkout, "commit", "--quiet", "-m", "slow")
        git(checkout, "config", "filter.slow.smudge", f"touch '{checkout.parent}/seen'; exec sleep 71")
    program = (
        "import sys; from pathlib import Path; from deploy import cdk_cli; cdk_cli.ROOT = Path(sys.argv[1]); "
        "from review.template_diff.command import main; "
        "sys.exit(main(['--base', 'HEAD', '-c', 'wait=1']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(checkout)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # as what a shell runs in the foreground: the whole group gets the signal
    )
    try:
        until((checkout.parent / "seen").exists)
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in said
    clean(checkout)
    assert not list((checkout / ".git").glob("worktrees/*"))
    running = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    assert not [line for line in running if str(checkout.parent / "tmp") in line or "sleep 71" in line]


@pytest.mark.thorough
def test_make_finds_nothing_between_a_clean_checkout_and_itself(tmp_path: Path) -> None:
    """The project's own stacks: what is not committed, as caches, is in no template."""
    clone = tmp_path / "clone"
    git(ROOT, "clone", "--quiet", "--shared", ".", str(clone))
    for name in (".venv", ".cache", "node_modules"):
        (clone / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "review.template_diff", "--base", "HEAD"],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "**Nothing changes** in 2 stacks." in done.stdout


def until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)
