"""Runs the `run:` steps of a workflow's job here, as GitHub's runner does ("Workflow syntax for GitHub Actions").

What `uses:` an action is not run: the test says what it would have left behind.
"""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tests.unit.workflows import expressions

ROOT: Final = Path(__file__).resolve().parents[3]
WORKFLOWS: Final = ROOT / ".github" / "workflows"
# by what a workflow names, or not
_SHELLS: Final = {"": ["bash", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}


def workflow(name: str) -> dict[str, Any]:
    """A workflow as it is written."""
    loaded: dict[str, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text())
    return loaded


def run_script(
    name: str, script: str, *, folder: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run a step's script in the shell that the workflow `name` asks for, with this environment and no more."""
    shell = workflow(name).get("defaults", {}).get("run", {}).get("shell", "")
    return subprocess.run(
        [*_SHELLS[shell], "-c", script],
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class Ran:
    """What became of a job: each step's outcome and outputs by its id or name, and all that was said."""

    outcomes: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    @property
    def failed(self) -> bool:
        """Whether the job is red."""
        return "failure" in self.outcomes.values()


def run_job(
    name: str,
    job: str,
    *,
    folder: Path,
    scratch: Path,
    context: Mapping[str, str],
    environment: Mapping[str, str],
) -> Ran:
    """Run the steps of `job` of the workflow `name` in the checkout `folder`.

    `scratch`: an empty folder for the runner's own files. `context`: `vars.…`, `github.…`, by their whole paths.
    `environment`: what the runner and the actions before would have set.
    """
    whole = workflow(name)
    steps = whole["jobs"][job]["steps"]
    ran = Ran()
    summary = scratch / "summary"
    summary.touch()
    shared = {**environment, "GITHUB_STEP_SUMMARY": str(summary)}
    functions = {"failure": lambda: ran.failed, "success": lambda: not ran.failed, "always": lambda: True}

    def names(env: Mapping[str, str]) -> dict[str, str]:
        return {
            **context,
            **{f"env.{key}": value for key, value in env.items()},
            **{f"steps.{step}.outcome": outcome for step, outcome in ran.outcomes.items()},
            **{
                f"steps.{step}.outputs.{key}": value
                for step, outputs in ran.outputs.items()
                for key, value in outputs.items()
            },
        }

    def given(env: Mapping[str, str], wanted: Mapping[str, Any]) -> dict[str, str]:
        return {
            **env,
            **{
                key: expressions.filled_in(str(value), names(env), functions) for key, value in wanted.items()
            },
        }

    env = given(given({}, whole.get("env") or {}), whole["jobs"][job].get("env") or {})
    for number, step in enumerate(steps):
        if "run" not in step:
            continue
        step_id = step.get("id") or step.get("name") or f"step {number}"
        condition = expressions.evaluate(str(step.get("if", "success()")), names(env), functions)
        # a condition that asks for no outcome is one that asks for success() too
        if not condition or (ran.failed and "failure()" not in str(step.get("if")) and "if" in step):
            ran.outcomes[step_id] = "skipped"
            continue
        output = scratch / f"output-{number}"
        output.touch()
        own = {**shared, **given(env, step.get("env") or {}), "GITHUB_OUTPUT": str(output)}
        done = run_script(name, step["run"], folder=folder, environment=own)
        ran.outcomes[step_id] = "success" if done.returncode == 0 else "failure"
        ran.said[step_id] = done.stdout + done.stderr
        ran.outputs[step_id] = dict(line.split("=", 1) for line in output.read_text().splitlines())
    ran.summary = summary.read_text()
    return ran


def path_with(folder: Path, **programs: str) -> str:
    """PATH with stand-ins in `folder` before everything else: `name="shell script"`."""
    folder.mkdir(exist_ok=True)
    for name, script in programs.items():
        program = folder / name
        program.write_text(f"#!/usr/bin/env bash\nset -eu\n{script}\n")
        program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"
