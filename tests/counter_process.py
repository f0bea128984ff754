"""The visitor counter as it really runs: `python -m visitor_counter`, as a process of this machine."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from local.redis_server import HOST

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 10.0
_STOP_SECONDS = 30.0

# For tests of anything but time limits: a busy machine must not look like a Redis that is away.
PATIENT: dict[str, str | int] = {"REDIS_CONNECT_TIMEOUT_MS": 5000, "REDIS_TIMEOUT_MS": 5000}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `seconds` is how long the client waited for the whole of it."""

    status: int
    headers: Message  # whose names are of either case
    text: str
    seconds: float


@dataclass
class CounterProcess:
    """A running counter. Its output goes to files, so that nothing blocks on a full pipe."""

    process: subprocess.Popen[bytes]
    port: int
    stdout: Path
    stderr: Path

    def ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        return ask(self.port, path, method, headers)

    def terminate(self) -> int:
        """SIGTERM, as the container engine sends it; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_STOP_SECONDS)


def ask(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    """One request to `port` of this machine, on a connection of its own."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    begin = time.perf_counter()
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        return Answer(response.status, response.headers, text, time.perf_counter() - begin)
    finally:
        connection.close()


def environment(**settings: str | int) -> dict[str, str]:
    """This process' environment without anything that could be a setting of the counter, and `settings`."""
    prefixes = (
        "HOST",
        "PORT",
        "REDIS_",
        "WEB_",
        "LOG_LEVEL",
        "FORWARDED_",
        "GRANIAN_",
        "CORS_",
        "MAX_",
        "PROMETHEUS_",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return kept | {name: str(value) for name, value in settings.items()}


@contextmanager
def counter_process(
    directory: Path, port: int, redis_port: int, **settings: str | int
) -> Iterator[CounterProcess]:
    """Start the counter on the loopback address, wait until it is alive, end it afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    stdout, stderr = directory / "stdout", directory / "stderr"
    given: dict[str, str | int] = {"HOST": HOST, "PORT": port, "REDIS_HOST": HOST, "REDIS_PORT": redis_port}
    with stdout.open("wb") as out, stderr.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "visitor_counter"],
            cwd=ROOT,
            env=environment(**given | settings),
            stdout=out,
            stderr=err,
        )
    counter = CounterProcess(process, port, stdout, stderr)
    try:
        _wait_until_alive(counter)
        yield counter
    finally:
        if process.poll() is None:
            counter.terminate()


def _wait_until_alive(counter: CounterProcess) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            if counter.ask("/healthz").status == 200:
                return
        except OSError:
            pass
        if counter.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the counter is not alive:\n{counter.stderr.read_text()}")
        time.sleep(0.02)
