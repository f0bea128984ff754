"""What it saves that tests share their synths: `python -m tests.bench.suite_speed [test file]`.

The file's tests are run as they are, where all that ask for the same settings get the same cloud assembly, and once
more with a synth for each test that asks for one.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from deploy import cdk_cli
from tests.unit.stacks import assemblies, synthesis
from tests.unit.stacks.ecommerce import platform

_FILE = "tests/unit/stacks/ecommerce/test_database.py"
_FORGETFUL = ["-p", "tests.bench.suite_speed"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """As a plugin of pytest: forget what was synthesized for the tests before."""
    assemblies.RUN = Path(tempfile.mkdtemp(dir=os.environ["ASSEMBLIES"]))
    for remembered in (synthesis._assembly, platform.assembly, platform._texts, platform._parsed):
        remembered.cache_clear()


def main(file: str) -> None:
    """Measure and print both, in seconds, and their ratio."""
    shared, each = _run(file, []), _run(file, _FORGETFUL)
    print(f"{shared:.1f} s with a synth for all, {each:.1f} s with one for each test: {shared / each:.2f}")


def _run(file: str, plugins: list[str]) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugins, file]
    start = time.monotonic()
    done = subprocess.run(command, cwd=cdk_cli.ROOT, check=True, capture_output=True, text=True)
    print(done.stdout.splitlines()[-1])
    return time.monotonic() - start


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else _FILE)
