"""`make lock` pins what is named, and changes nothing where nothing was changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = (
    "requirements.txt",
    "local/requirements.txt",
    "requirements-dev.txt",
    "visitor_counter/requirements.txt",
    "local/uv.txt",
    "tests/checkov/requirements.txt",
    "package-lock.json",
    "local/package-lock.json",
    "tests/browser/node/package-lock.json",
)
READ = ("pyproject.toml", "visitor_counter/requirements.in", ".npmrc", "local/lock.sh")


@pytest.mark.thorough
@pytest.mark.parametrize("arguments", [[], ["--upgrade"]], ids=["as it is", "upgrade"])
def test_make_lock(tmp_path: Path, arguments: list[str]) -> None:
    """In a copy, by the same tools and from the same registries."""
    manifests = [name.replace("-lock", "") for name in LOCKED if name.endswith("-lock.json")]
    for name in (*LOCKED, *READ, *manifests):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "npm_config_cache": str(ROOT / ".cache" / "npm")}
    done = subprocess.run(
        ["sh", "local/lock.sh", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    changed = [name for name in LOCKED if (tmp_path / name).read_bytes() != (ROOT / name).read_bytes()]
    if not arguments:
        assert changed == []
    named = [line for line in (tmp_path / "requirements.txt").read_text().splitlines() if "==" in line]
    direct = (ROOT / "pyproject.toml").read_text()
    assert next(line for line in named if line.startswith("aws-cdk-lib==")).split()[0] in direct
