"""`cdk synth` as a user runs it: the real CLI, offline, from another folder, in a path with spaces."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.stacks.synthesis import ROOT, assembly


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what synth reads, so that leftovers of a run can be put into it."""
    copy = tmp_path / "a project"
    copy.mkdir()
    for name in (".gitignore", "app.py", "cdk.json", "stacks", "site", "visitor_counter"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    return copy


def cdk_synth(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `cdk synth` with no credentials, no configuration and every way out to the network closed."""
    closed = "http://127.0.0.1:9"  # the discard port: a connection is refused at once
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(project.parent),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": os.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"],
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        # the copy is in no repository: the commit that it tells of is that of the original
        "GIT_DIR": str(ROOT / ".git"),
        "GIT_WORK_TREE": str(project),
        "HTTP_PROXY": closed,
        "HTTPS_PROXY": closed,
    }
    return subprocess.run(
        [
            ROOT / "node_modules" / ".bin" / "cdk",
            "synth",
            "--quiet",
            "--no-notices",
            "--no-color",
            *arguments,
        ],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_two_synths_give_the_same_bytes(project: Path) -> None:
    """One here, one by the CLI: another process, hash seed, path, working directory, and with leftovers."""
    (project / "visitor_counter" / "__pycache__").mkdir(exist_ok=True)
    (project / "visitor_counter" / "__pycache__" / "leftover.cpython-311.pyc").write_bytes(os.urandom(64))
    (project / "site" / ".DS_Store").write_bytes(os.urandom(64))
    # Metadata that the CLI asks for by default, and that a synth in this process is without.
    ran = cdk_synth(
        project, "--output", "out put", "--no-path-metadata", "--no-asset-metadata", "--no-validation"
    )
    assert ran.returncode == 0, ran.stderr
    for name in ("StaticSite", "VisitorCounter"):
        for kind in ("template", "assets"):
            file = f"{name}.{kind}.json"
            assert (project / "out put" / file).read_bytes() == (assembly() / file).read_bytes(), file
    manifest = json.loads((project / "out put" / "manifest.json").read_text())
    assert "missing" not in manifest


def test_a_typo_is_one_line_and_not_a_traceback(project: Path) -> None:
    ran = cdk_synth(project, "-c", "hostng=website")
    assert ran.returncode != 0
    ours, *from_the_cli = ran.stderr.strip().splitlines()
    assert ours == 'setting hostng: unknown; did you mean "hosting"? (cdk.json context or -c)'
    assert from_the_cli == ["python3 app.py: Subprocess exited with error 2"]
    assert ran.stdout == ""
