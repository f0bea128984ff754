"""`make serve`'s program, as a process of a test's own."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.ports import any_free
from tests.site_serving.url_cases import Visitor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 20.0


def start(*arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
    """`python -m local serve …`, its two streams in one."""
    kept = {n: v for n, v in os.environ.items() if n not in ("SITE", "PORT", "ENDPOINT", "MAKEFLAGS")}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "local", "serve", *arguments],
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class Serving:
    """A server that runs, on a port of its own."""

    def __init__(self, arguments: Sequence[str | Path]) -> None:
        self.port = any_free()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.visitor = Visitor(f"127.0.0.1:{self.port}")
        self.process = start("--port", str(self.port), *arguments)
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.said: list[str] = []

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stream:
            for line in stream:
                self._lines.put(line.rstrip("\n"))

    def says(self, text: str) -> str:
        """Wait for a line that has `text`; returns it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {self.said}") from None
            self.said.append(line)
            if text in line:
                return line

    def silent(self, seconds: float) -> bool:
        """Whether it says nothing for so long."""
        time.sleep(seconds)
        return self._lines.empty()

    def kill(self) -> None:
        """End it, if it runs, and all that reads from it."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=PATIENCE_S)
        self._reader.join(timeout=PATIENCE_S)

    def end(self, number: int = signal.SIGINT) -> tuple[int, float]:
        """Send a signal; the exit code and the seconds that it took."""
        begin = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE_S)
        return code, time.monotonic() - begin


@contextmanager
def serving(site: Path, *arguments: str | Path) -> Iterator[Serving]:
    """Serve the folder; by its end the process has gone."""
    server = Serving(["--site", site, *arguments])
    try:
        server.says("is served at")
        yield server
    finally:
        server.kill()
