"""What the deployment tests share: one emulator, one bootstrap."""

from collections.abc import Iterator

import pytest

from tests.deploy.emulator_process import CDK, EmulatorProcess
from tests.parts import require


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """A running emulator; image assets count as published."""
    running = EmulatorProcess(tmp_path_factory.mktemp("emulator"), arguments=("--images", "skip"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def bootstrapped(emulator: EmulatorProcess) -> EmulatorProcess:
    """The emulator after a real `cdk bootstrap`."""
    require("cdk", CDK.exists(), "the CDK CLI is not installed: npm ci")
    emulator.cdk("bootstrap", "aws://000000000000/us-east-1", app=emulator.log.parent)
    return emulator
