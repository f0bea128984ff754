"""Processes that outlive the command that started them, and are found again and stopped by a later one.

A process is known by its pid and its start time, so that a pid that the system gave to another program since is
never touched. Each leads a process group of its own: a terminal's Ctrl-C does not reach it, and stopping it
stops its workers.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.errors import LocalRunError, last_lines

# Python complains of a Popen object that goes while its process runs; ours are meant to run on.
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Process:
    """A started process: `started` is its start time, in seconds since the epoch, as the system tells it."""

    name: str
    pid: int
    started: float
    log: str

    @classmethod
    def known(cls, name: str, pid: int, log: Path) -> "Process":
        """The process that runs under `pid` now; raises `LocalRunError` if there is none."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time(), str(log))
        except psutil.Error as error:
            raise LocalRunError(f"{name} ended at once; its log {log}:{last_lines(log)}") from error

    def runs(self) -> bool:
        """Whether it still runs (a zombie does not)."""
        try:
            found = psutil.Process(self.pid)
            return found.create_time() == self.started and found.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def stop(self, seconds: float = 10) -> None:
        """End it and its workers: SIGTERM, and SIGKILL for what is still there after `seconds`."""
        members = []
        if self.runs():
            with contextlib.suppress(psutil.Error):
                leader = psutil.Process(self.pid)
                members = [leader, *leader.children(recursive=True)]
                leader.terminate()
            _wait_for_end(members[:1], seconds)
        self._signal_group(signal.SIGKILL)  # workers that outlived their leader
        for member in members:
            with contextlib.suppress(psutil.Error):
                member.kill()
        _wait_for_end(members, 5)

    def _signal_group(self, number: signal.Signals) -> None:
        """Signal what is left of its process group: the group's id cannot be another's while a member lives,
        and a group that is led by a process of another start time is not ours."""
        with contextlib.suppress(psutil.Error):
            if psutil.Process(self.pid).create_time() != self.started:
                return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def _wait_for_end(processes: Sequence[psutil.Process], seconds: float) -> None:
    """Wait until they have ended. A zombie has: it is init's to bury, which can take init seconds."""

    def ended(process: psutil.Process) -> bool:
        try:
            return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    limit = time.monotonic() + seconds
    while not all(ended(process) for process in processes) and time.monotonic() < limit:
        time.sleep(0.02)


def start(
    name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str], folder: Path
) -> Process:
    """Start `command` detached in `folder`, its output appended to `log`; returns at once.

    Raises `LocalRunError` when it cannot be started.
    """
    try:
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children.append(child)
    except OSError as error:
        raise LocalRunError(f"{name}: cannot start {command[0]}: {error.strerror}") from error
    return Process.known(name, child.pid, log)


def wait_until(ready: Callable[[], bool], process: Process, seconds: float) -> None:
    """Wait until `ready()` is true; raises `LocalRunError` when `process` ends before, or time runs out."""
    limit = time.monotonic() + seconds
    log = Path(process.log)
    while not ready():
        if not process.runs():
            raise LocalRunError(f"{process.name} ended while starting; its log {log}:{last_lines(log)}")
        if time.monotonic() > limit:
            raise LocalRunError(
                f"{process.name} is not ready after {seconds:.0f} s; its log {log}:{last_lines(log)}"
            )
        time.sleep(0.05)
