"""`make test`: lint, types and the tests, with what each took and what was not tested here.

Lint and types run beside the tests: mypy is busy on one core while the tests wait for servers on the other.
Arguments go to pytest.
"""

import concurrent.futures
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_LINT: dict[str, Sequence[str]] = {
    "ruff check": ("ruff", "check", "--quiet", "."),
    "ruff format": ("ruff", "format", "--check", "--quiet", "."),
    "mypy --strict": ("mypy",),
}


@dataclass(frozen=True)
class Outcome:
    """A finished command: what it printed, and how long it took."""

    name: str
    code: int
    output: str
    seconds: float

    def tell(self) -> None:
        """Write one line, and all that it printed if it failed."""
        print(f"{'✓' if self.code == 0 else '✗'} {self.name:<16} {self.seconds:6.1f} s", flush=True)
        if self.code:
            print(self.output, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run it all; 0 when all is well, 1 otherwise (130 when interrupted)."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        lint = [pool.submit(_run, name, command) for name, command in _LINT.items()]
        try:
            tests = _pytest(["tests/unit/test_dockerfiles.py"] if "--lint-only" in arguments else arguments)
            outcomes = [task.result() for task in lint]
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            return 130
    print()
    for outcome in outcomes:
        outcome.tell()
    return 1 if tests or any(outcome.code for outcome in outcomes) else 0


def _run(name: str, command: Sequence[str]) -> Outcome:
    start = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Outcome(name, done.returncode, done.stdout + done.stderr, time.monotonic() - start)


def _pytest(arguments: Sequence[str]) -> int:
    """The tests; what was skipped is listed by name at the end (-ra in pyproject.toml)."""
    # four on two cores, as most of them wait for servers; a file's tests stay together, and so do its fixtures
    workers = ["-n", "4", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *workers, "--durations=10", "--durations-min=5", *arguments]
    # the CDK app's Python must find what the tests find, from any folder
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
