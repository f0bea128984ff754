"""Visits per second, ours beside others: `python -m tests.bench.counter_load`.

Each contestant runs with a Redis of its own (append-only, fsync every second), all in one run, in turns that
change their order, with `wrk` on the same machine. So read ratios: everything shares the cores. Prints medians
as a table, and JSON with --json.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local.ports import any_free
from local.redis_server import HOST, RedisServer
from tests.bench.counter_servers import SERVERS
from tests.counter_process import ROOT, ask, environment
from tests.faults.wire import Wire
from visitor_counter.config import Config

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_WAITING = "ours, one replica waited for"
_PAGES = ("seed", "ours, the page")
_FAR = ("granian, one INCR", "ours")


@dataclass(frozen=True)
class Measured:
    """One run of wrk: requests per second, milliseconds, failed requests, INCR commands for each answer."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    commands: float


def parse(report: str) -> tuple[int, float, float, float, int]:
    """Of wrk's report: requests, requests per second, p50 and p99 in milliseconds, errors of any kind."""
    requests = re.search(r"(\d+) requests in", report)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    times = {
        percent: float(value) * _UNITS[unit]
        for percent, value, unit in re.findall(
            r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", report, re.MULTILINE
        )
    }
    if not requests or not rate or len(times) != 2:
        raise SystemExit(f"wrk's report has not the form of its version 4:\n{report}")
    failed = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    errors = sum(map(int, failed.groups())) if failed else 0
    return (
        int(requests[1]),
        float(rate[1]),
        times["50"],
        times["99"],
        errors + (int(refused[1]) if refused else 0),
    )


class Contestant:
    """A server and its Redis, while the block runs; `delay` seconds lie between Redis' answer and the server."""

    def __init__(self, name: str, folder: Path, threads: int, delay: float = 0.0) -> None:
        self.name, self._folder, self._threads, self._delay = name, folder, threads, delay
        self._path = "/" if name in _PAGES else "/api/visits"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start both, and end them afterwards."""
        self._folder.mkdir(parents=True)
        self.redis = RedisServer(self._folder / "redis", any_free())
        self._port = any_free()
        replicas = 1 if self.name == _WAITING else 0
        with contextlib.ExitStack() as stack:
            self.redis.start()
            stack.callback(self.redis.stop)
            port = self.redis.port
            if replicas:
                replica = RedisServer(self._folder / "replica", any_free())
                replica.start()
                stack.callback(replica.stop)
                with replica.client() as client:
                    client.replicaof(HOST, port)
            if self._delay:
                wire = stack.enter_context(Wire(port))
                wire.delay, port = self._delay, wire.port
            log = stack.enter_context((self._folder / "log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.counter_servers", self.name],
                cwd=ROOT,
                env=environment(
                    HOST=HOST,
                    PORT=self._port,
                    REDIS_HOST=HOST,
                    REDIS_PORT=port,
                    WEB_THREADS=self._threads,
                    REDIS_TIMEOUT_MS=2000,
                    REDIS_CONNECT_TIMEOUT_MS=2000,
                    REDIS_WAIT_REPLICAS=replicas if self.name.startswith("ours") else "",
                ),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            stack.callback(self._end, process)
            self._wait(process)
            yield

    def load(self, connections: int, seconds: int) -> Measured:
        """Visit on so many connections for so long."""
        before = self._increments()
        command = [
            "wrk",
            "--latency",
            f"-t{min(2, connections)}",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout=10s",
            f"http://{HOST}:{self._port}{self._path}",
        ]
        if self._path != "/":
            script = self._folder / "post.lua"
            script.write_text('wrk.method = "POST"\n')
            command[1:1] = ["-s", str(script)]
        report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        requests, rate, p50, p99, errors = parse(report)
        return Measured(rate, p50, p99, errors, (self._increments() - before) / requests)

    def _increments(self) -> int:
        with self.redis.client() as client:
            stats = client.info("commandstats")
        return sum(int(stats.get(f"cmdstat_{name}", {}).get("calls", 0)) for name in ("incr", "incrby"))

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        limit = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                if ask(self._port, self._path, "GET" if self._path == "/" else "POST").status == 200:
                    return
            if process.poll() is not None or time.monotonic() > limit:
                raise SystemExit(f"{self.name} does not answer:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.1)

    @staticmethod
    def _end(process: "subprocess.Popen[bytes]") -> None:
        process.terminate()
        try:
            process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def measure(
    contestants: Sequence[Contestant], loads: Sequence[int], rounds: int, seconds: int
) -> dict[str, dict[int, list[Measured]]]:
    """In turns: each round visits all, the next in the other direction. Idle ones cost next to nothing."""
    measured: dict[str, dict[int, list[Measured]]] = {c.name: {n: [] for n in loads} for c in contestants}
    with contextlib.ExitStack() as stack:
        for contestant in contestants:
            stack.enter_context(contestant.running())
        for number in range(rounds + 1):
            for contestant in contestants if number % 2 else reversed(contestants):
                for connections in loads:
                    found = contestant.load(connections, seconds if number else 1)
                    if number:  # the first round warms up
                        measured[contestant.name][connections].append(found)
                        print(f"{contestant.name:<20} {connections:>4} {found}", file=sys.stderr, flush=True)
    return measured


def table(measured: dict[str, dict[int, list[Measured]]], base: str) -> str:
    """Markdown, medians; `base` is the one that the others are so many times as fast as."""
    lines = [
        f"| Server | Connections | Requests/s | × {base} | p50, ms | p99, ms | Errors | INCRs for a visit |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    for name, loads in measured.items():
        for connections, runs in loads.items():

            def median(of: str, runs: list[Measured] = runs) -> float:
                return statistics.median(float(getattr(run, of)) for run in runs)

            rate = median("per_second")
            ratio = rate / statistics.median(run.per_second for run in measured[base][connections])
            lines.append(
                f"| {name} | {connections} | {rate:,.0f} | {ratio:.1f} | {median('p50_ms'):.1f} "
                f"| {median('p99_ms'):.1f} | {sum(run.errors for run in runs)} | {median('commands'):.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Run it; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured: %(default)s")
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement: %(default)s")
    parser.add_argument(
        "--threads", type=int, default=Config.web_threads, help="WEB_THREADS of all: %(default)s"
    )
    parser.add_argument(
        "--only", action="append", choices=[*SERVERS], help="not all; the first is the measure"
    )
    parser.add_argument(
        "--connections", type=int, nargs="+", default=[1, 32, 256], help="at once: 1, 32 and 256"
    )
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing, which makes the load: `apt install wrk`, or `brew install wrk`")
    names = given.only or [*SERVERS]
    far = [name for name in _FAR if name in names]
    with tempfile.TemporaryDirectory(prefix="counter-load-") as name:
        folder = Path(name)
        near = measure(
            [Contestant(each, folder / each, given.threads) for each in names],
            given.connections,
            given.rounds,
            given.seconds,
        )
        reports = {"Redis on this machine": (near, names[0])}
        if far:
            distant = [Contestant(each, folder / f"{each} far", given.threads, delay=0.002) for each in far]
            reports["Redis 2 ms away"] = (
                measure(distant, given.connections, given.rounds, given.seconds),
                far[0],
            )
    if given.json:
        plain = {
            where: {
                name: {str(n): [asdict(run) for run in runs] for n, runs in loads.items()}
                for name, loads in measured.items()
            }
            for where, (measured, _) in reports.items()
        }
        print(json.dumps({"cores": os.cpu_count(), "threads": given.threads, "measured": plain}, indent=1))
        return
    for where, (measured, base) in reports.items():
        print(f"{where}; {os.cpu_count()} cores, {given.threads} threads in each of 2 processes\n")
        print(table(measured, base), end="\n\n")


if __name__ == "__main__":
    main()
