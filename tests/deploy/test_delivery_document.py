"""Every command of docs/delivery.md, in its order, on an account that nothing was done to: the emulator's.

Stand-ins: `gh`, which has no GitHub here, is one that only writes down what it is asked; and the workflow that it
starts is its deploy alone (tests/deploy/test_workflow_jobs.py runs that whole).
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.emulator_process import EmulatorProcess
from tests.unit.workflows.workflow_run import ROOT, path_with

DOCUMENT = ROOT / "docs" / "delivery.md"
MOST_COMMANDS = 15
# Of the document, but not run here: this test is a part of `make test`; tests/unit/test_lock.py runs the other.
ELSEWHERE = {"make test", "make lock ARGS=--upgrade"}
_VERBS = ("bootstrap", "deploy", "deploy-site", "destroy", "versions", "rollback", "smoke")


def commands(heading: str = "") -> list[str]:
    """The lines of the document's shell blocks; of one section, if its heading is given."""
    text = DOCUMENT.read_text()
    if heading:
        text = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        assert text, heading
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]


def test_the_first_deploy_takes_few_commands() -> None:
    assert 0 < len(commands("From an empty account to the first deployment")) < MOST_COMMANDS


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    """One that is not even bootstrapped."""
    running = EmulatorProcess(tmp_path / "emulator", arguments=("--images", "skip"))
    running.data.parent.mkdir()
    running.start()
    yield running
    running.stop()


def as_in_a_script(command: str, assembly: Path) -> str:
    """A command as it is run where nobody can be asked, with its cloud assembly in a folder of the test's own."""
    verb = re.match(r"make ([a-z-]+)", command)
    if not verb or verb[1] not in _VERBS:
        return command
    more = f"-o {assembly}" + (" --require-approval=never" if verb[1].startswith("deploy") else "")
    if "ARGS='" in command:
        return command.replace("ARGS='", f"ARGS='{more} ")
    return f"{command} ARGS='{more}'"


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_every_command_works_with_a_gh_that_stands_in(emulator: EmulatorProcess, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    path = path_with(tmp_path / "bin", gh=f'echo "$@" >> {asked}; if [ "$2" = user ]; then echo 1; fi')
    site = tmp_path / "site"
    site.mkdir()

    def run(command: str) -> None:
        done = subprocess.run(
            ["bash", "-ec", as_in_a_script(command, tmp_path / "assembly")],
            cwd=ROOT,
            env={**emulator.env, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"

    for command in commands():
        if command in ELSEWHERE:
            continue
        run(command)
        if command.startswith("gh workflow run"):
            for page in ("one", "two"):  # and the next commit's
                (site / "index.html").write_text(f"<!doctype html><title>{page}</title>")
                run(f"make deploy ARGS='StaticSite -c site={site}'")
    told = asked.read_text()
    assert "variable set AWS_ACCOUNT_ID" in told
    assert "-F reviewers[][id]=1" in told
