"""Drives `make up` and its siblings as a user does, in a state folder of the test's own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 200


class LocalRun:
    """`python -m local …` with `folder` for its state; the checkout's own `.local` is never touched."""

    def __init__(self, folder: Path, **environment: str) -> None:
        """`environment` is added to each command's; LOCAL_ENGINE=none is the default: no containers."""
        self.folder = folder
        kept = {n: v for n, v in os.environ.items() if n not in ("SITE", "PORT", "ENDPOINT", "MAKEFLAGS")}
        own = {"LOCAL_STATE_DIR": str(folder), "LOCAL_ENGINE": "none", "PYTHONPATH": str(ROOT)}
        self.environment: Mapping[str, str] = kept | own | environment

    def __call__(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            self._command(arguments),
            env={**self.environment, **environment},
            cwd=self.folder.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start a command and leave it running."""
        return subprocess.Popen(
            self._command(arguments),
            env={**self.environment, **environment},
            cwd=self.folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up(self, *arguments: str, **environment: str) -> str:
        """`up`, which must succeed; returns what it said. The emulator takes whatever port is free."""
        done = self("up", *arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @classmethod
    def prepared(cls, folder: Path, data: Path) -> "LocalRun":
        """A run that is down, with `data` (see the fixture `deployed_data`) as its data of an earlier one."""
        shutil.copytree(data, folder / "data", symlinks=True)
        return cls(folder)

    @staticmethod
    def _command(arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-P", "-m", "local", *arguments]

    @property
    def state(self) -> dict[str, Any]:
        """What runs, as the state file says."""
        found: dict[str, Any] = json.loads((self.folder / "run.json").read_text())
        return found

    def has_started(self, name: str) -> bool:
        """Whether the process `name` is in the state file, now."""
        try:
            return name in self.state["processes"]
        except (OSError, ValueError):
            return False

    def process(self, name: str) -> psutil.Process:
        """The running process `name`."""
        return psutil.Process(self.state["processes"][name]["pid"])

    def log(self, name: str) -> str:
        """What a process has logged so far."""
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def processes(self) -> list[psutil.Process]:
        """Every process on this machine that works in, or was started for, the state folder."""
        ours = []
        for process in psutil.process_iter():
            try:
                traces = [process.cwd(), *process.cmdline(), process.environ().get("LOCAL_STATE_DIR", "")]
            except psutil.Error:
                continue
            if process.pid != os.getpid() and any(str(self.folder) in trace for trace in traces):
                ours.append(process)
        return ours


def interrupt(process: "subprocess.Popen[str]", number: int = signal.SIGINT) -> str:
    """Send the signal, wait for the end; returns all that was printed."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    return output


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the condition is true; fails the test after `seconds`."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)
