"""The workflows, audited: actions that are not pinned, text that becomes shell code, rights that nobody needs."""

import subprocess
import sysconfig
from pathlib import Path

from tests.parts import require

ROOT = Path(__file__).resolve().parents[3]


def audit(folder: Path) -> "subprocess.CompletedProcess[str]":
    zizmor = Path(sysconfig.get_path("scripts")) / "zizmor"
    require("zizmor", zizmor.exists(), "run `make test`, which installs it")
    return subprocess.run(
        [zizmor, "--offline", "--no-progress", folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_zizmor_finds_nothing() -> None:
    done = audit(ROOT / ".github")
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_would_find_a_title_that_becomes_shell_code(tmp_path: Path) -> None:
    workflow = tmp_path / ".github" / "workflows" / "bad.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(
        "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    done = audit(tmp_path)
    assert done.returncode != 0
    assert "template-injection" in done.stdout
