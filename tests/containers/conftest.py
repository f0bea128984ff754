"""The container engine that the tests of this folder need."""

import shutil
import subprocess

import pytest

from tests import parts


@pytest.fixture(scope="session")
def engine() -> str:
    """The command of a working Docker engine with Compose."""
    docker = shutil.which("docker")
    found = bool(docker) and all(
        subprocess.run([str(docker), *command], capture_output=True, timeout=30).returncode == 0
        for command in (["info"], ["compose", "version"])
    )
    parts.require("container engine", found, "start Docker (with Compose v2), so that `docker info` works")
    return str(docker)
