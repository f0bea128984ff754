"""Every Dockerfile of the repository, linted by hadolint."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*Dockerfile*", "*.Dockerfile"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout
DOCKERFILES = sorted({name for name in TRACKED.split("\0") if name and not name.endswith(".dockerignore")})


def test_there_are_some() -> None:
    assert "visitor_counter/Dockerfile" in DOCKERFILES


@pytest.mark.parametrize("name", DOCKERFILES)
def test_hadolint_finds_nothing(name: str) -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run(
        [hadolint, "--no-color", name], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
