"""Runs `python -m deploy` as make does, against the emulator."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psutil

from tests.deploy.emulator_process import EmulatorProcess

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Job:
    """A verb in the foreground of a terminal, and what it has written."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def children(self) -> list[psutil.Process]:
        """All processes that it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def interrupt(self) -> str:
        """Press Ctrl-C, which the whole group gets; returns what was said. All must end, without a traceback."""
        family = self.children()
        assert family
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(10)
        _, alive = psutil.wait_procs(family, timeout=5)
        said = self.log.read_text()
        assert (code, alive) == (130, []), said
        assert "Traceback" not in said
        return said


class Verbs:
    """Runs the verbs with `assembly` for their cloud assembly; the checkout's cdk.out stays as it is."""

    def __init__(self, emulator: EmulatorProcess, assembly: Path) -> None:
        self._emulator = emulator
        self.assembly = assembly

    def _command(self, arguments: str) -> list[str]:
        verb, *rest = arguments.split()
        return [sys.executable, "-P", "-m", "deploy", verb, "--output", str(self.assembly), *rest]

    def __call__(self, arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run to the end; standard error is apart."""
        return subprocess.run(
            self._command(arguments),
            cwd=self.assembly.parent,
            env=dict(self._emulator.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    @contextmanager
    def job(self, arguments: str, log: Path) -> "Iterator[Job]":
        """Run in a process group of its own, as a shell runs what is in the foreground."""
        with log.open("w") as output:
            process = subprocess.Popen(
                self._command(arguments),
                cwd=self.assembly.parent,
                env=dict(self._emulator.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield Job(process, log)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        return boto3.client(  # type: ignore[call-overload]  # the service is a variable here
            service,
            endpoint_url=self._emulator.endpoint,
            region_name=self._emulator.env["AWS_REGION"],
            aws_access_key_id=self._emulator.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._emulator.env["AWS_SECRET_ACCESS_KEY"],
        )

    def stacks(self) -> set[str]:
        """The names of the project's stacks that exist."""
        found = self.client("cloudformation").describe_stacks()["Stacks"]
        return {s["StackName"] for s in found if s["StackName"].startswith(("StaticSite", "VisitorCounter"))}
