"""Runs the real CDK CLI against the emulator: with a time limit, and an end that leaves nothing running."""

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from deploy import cdk_cli
from local.console import Step
from local.emulator.environment import client_environment
from local.errors import BadInputError, LocalRunError, last_lines
from local.processes import Process
from local.session import Session

# "StaticSite |  4/27 | 17:16:01 | CREATE_COMPLETE | AWS::S3::Bucket | …", as `--progress events` writes it
_EVENT = re.compile(r"^(?P<stack>[\w-]+)\s*\|\s*(?P<done>\d+/\d+)\s*\|[^|]*\|[^|]*\|\s*(?P<type>[\w:]+)")

_SETTING = re.compile(r"^(?:setting|site) .*", re.MULTILINE)


class CdkError(LocalRunError):
    """A CDK command failed, hung, or lost its emulator; the text has the end of its log."""


def environment(endpoint: str) -> dict[str, str]:
    """The environment of a CDK command that talks to the emulator at `endpoint`, and to nothing else."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    # CDK's own validation is half of a synth's time; `make synth`, `make deploy` and the tests do it, and here
    # the emulator refuses what AWS' resource schemas do not know
    return cdk_cli.environment(inherited) | client_environment(endpoint) | {"CDK_VALIDATION": "false"}


def run(
    session: Session,
    arguments: Sequence[str],
    *,
    endpoint: str,
    emulator: Process | None,
    step: Step,
    folder: Path = cdk_cli.ROOT,
    extra: Mapping[str, str] | None = None,
) -> None:
    """Run `cdk <arguments>` in `folder` to its end, its output appended to cdk.log, its news shown in `step`.

    Raises `CdkError` when the command fails, takes longer than the session's time limit, or the process
    `emulator` ends meanwhile, and `BadInputError` when it refused a setting. The command and all that it
    started are ended then, and also when the caller is interrupted.
    """
    name = f"cdk {arguments[0]}"
    log = session.layout.log("cdk")
    with log.open("a") as file:
        file.write(f"\n$ cdk {' '.join(arguments)}\n")
    said = log.stat().st_size
    child: subprocess.Popen[bytes]

    def start() -> Process:
        nonlocal child
        with log.open("ab") as output:
            child = subprocess.Popen(
                cdk_cli.command([*arguments, "--no-color", "--no-notices", "--ci"]),
                cwd=folder,
                env=environment(endpoint) | dict(extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Process.known("cdk", child.pid, log)

    process = session.start(start)
    limit = time.monotonic() + session.time_limit
    try:
        with log.open(errors="replace") as output:
            output.seek(said)
            while child.poll() is None:
                if emulator and not emulator.runs():
                    raise CdkError(
                        f"the emulator ended during `{name}`; run `make up` again. "
                        f"The end of {emulator.log}:{last_lines(Path(emulator.log))}"
                    )
                if time.monotonic() > limit:
                    raise CdkError(
                        f"`{name}` took longer than {session.time_limit:g} s and was stopped; "
                        f"LOCAL_TIME_LIMIT=<seconds> allows more. The end of {log}:{last_lines(log)}"
                    )
                step.news = _news(output) or step.news
                time.sleep(0.1)
    finally:
        process.stop(seconds=3)
        child.wait()
        session.forget(process)
    if child.returncode:
        raise _failure(name, child.returncode, log, said)


def _news(output: TextIO) -> str:
    """The last event among the lines that were written since the last call."""
    events = [event for line in output.readlines() if (event := _EVENT.match(line))]
    return f"{events[-1]['stack']} {events[-1]['done']} {events[-1]['type']}" if events else ""


def _failure(name: str, code: int, log: Path, start: int) -> LocalRunError:
    """The most telling message for a failed command: our own line about a setting, or the end of the log."""
    with log.open() as file:
        file.seek(start)
        said = file.read()
    if settings := _SETTING.findall(said):
        return BadInputError("\n".join(dict.fromkeys(settings)))
    return CdkError(f"`{name}` failed (exit code {code}); its log {log}:{last_lines(log, 25)}")
