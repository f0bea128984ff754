"""Fixtures that several folders use."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from local.ports import any_free
from local.redis_server import RedisServer
from tests.browser.tabs import browser, page, tab
from tests.local_run import LocalRun

__all__ = ["browser", "page", "tab"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test ARGS=--thorough`."""
    parser.addoption("--thorough", action="store_true", help="the tests too that take long, as with CI=true")


def pytest_configure(config: pytest.Config) -> None:
    """A folder in which all workers find what one of them has synthesized, and how much of it there is to be."""
    if not hasattr(config, "workerinput"):
        os.environ["ASSEMBLIES"] = tempfile.mkdtemp(prefix="assemblies-")
        os.environ["PLATFORM_SETTINGS"] = "all" if _thorough(config) else "few"
        if not _thorough(config):
            # Each Node takes nine seconds of a core to start it; tests/unit/stacks/test_validation.py does, once.
            os.environ["CDK_VALIDATION"] = "false"


def _thorough(config: pytest.Config) -> bool:
    return config.getoption("--thorough") or os.environ.get("CI", "").lower() == "true"


def pytest_unconfigure(config: pytest.Config) -> None:
    """It goes with the run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop("ASSEMBLIES"), ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what takes long to CI, and say so for each: the everyday command has to be one that is used."""
    if _thorough(config):
        return
    skip = pytest.mark.skip(reason="LEFT TO CI: takes long; ARGS=--thorough runs it")
    for item in items:
        if item.get_closest_marker("thorough"):
            item.add_marker(skip)


@dataclass(frozen=True)
class FirstUp:
    """What the first `make up` of a checkout said, and the data that `make down` left of it."""

    said: str
    data: Path


@pytest.fixture(scope="session")
def first_up(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FirstUp:
    """One `up` from nothing for the whole run: bootstrap and both stacks take half a minute.

    Tests that need deployed stacks start from a copy of its data. Of several workers, the first makes it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data, said = shared / "first up data", shared / "first up said"
    with (shared / "first up lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            run = LocalRun(shared / "first up")
            try:
                text = run.up()
            finally:
                run("down")
            shutil.move(run.folder / "data", data)
            said.write_text(text)
    return FirstUp(said.read_text(), data)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Makes a TCP port of the loopback address on which nobody listens."""
    return any_free


@pytest.fixture(scope="session")
def redis_server(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]
) -> Iterator[RedisServer]:
    """A real Redis for the whole run. Tests that stop or break theirs start their own."""
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    """A client for `redis_server`, which is empty at the start of the test."""
    with redis_server.client() as client:
        client.flushall()
        yield client


@pytest.fixture
def own_redis(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[RedisServer]:
    """A running Redis of this test alone, to be stopped, killed and paused."""
    server = RedisServer(tmp_path / "redis", free_port())
    server.start()
    yield server
    server.stop()
