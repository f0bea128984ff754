"""The Locust scenario at a small size: it works, and nobody is told anything wrong."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, ROOT, counter_process
from tests.local_run import wait_for
from visitor_counter.counter import VISITS_KEY

pytestmark = pytest.mark.thorough

SCENARIO = ROOT / "tests" / "load" / "locustfile.py"
SECONDS = 4


def locust(port: int, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "locust", "--locustfile", SCENARIO, "--host", f"http://{HOST}:{port}",
         "--headless", "--users", "40", "--spawn-rate", "40", "--run-time", f"{SECONDS}s", "--json",
         "--exit-code-on-error", "1"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip


def test_visitors_are_counted_without_a_failure(
    redis_server: RedisServer, redis_client: redis.Redis, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path, free_port(), redis_server.port, **PATIENT) as counter:
        done = locust(counter.port, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = {(each["method"], each["name"]): each for each in json.loads(done.stdout)}
    assert {name for _, name in asked} == {"/", "/api/visits", "/badge.svg"}
    assert sum(each["num_failures"] for each in asked.values()) == 0
    counted = asked["GET", "/"]["num_requests"] + asked["POST", "/api/visits"]["num_requests"]
    assert counted > 40 * SECONDS
    assert counted <= int(redis_client.get(VISITS_KEY) or 0) <= counted + 40, "what was under way at the end"


def set_back(client: redis.Redis) -> None:
    """Once they visit: Locust takes seconds to start on a busy machine."""
    wait_for(lambda: int(client.get(VISITS_KEY) or 0) >= 50, seconds=30)
    client.set(VISITS_KEY, 0)


def test_the_scenario_sees_a_number_that_is_shown_twice(
    redis_server: RedisServer, redis_client: redis.Redis, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """The control: somebody sets the count back while they visit."""
    with counter_process(tmp_path, free_port(), redis_server.port, **PATIENT) as counter:
        back = threading.Thread(target=set_back, args=(redis_client,))
        back.start()
        done = locust(counter.port, tmp_path)
        back.join()
    assert done.returncode == 1
    assert "was shown twice" in done.stdout + done.stderr
