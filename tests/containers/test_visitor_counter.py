"""The counter's image and its compose file, on a real container engine."""

import json
import os
import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.counter_process import ROOT, Answer, ask

FOLDER = ROOT / "visitor_counter"


class Engine:
    """Runs one engine command at a time, and shows what it said when it fails."""

    def __init__(self, docker: str, **environment: str) -> None:
        self._docker = docker
        self._environment = os.environ | environment

    def __call__(self, *arguments: str | Path) -> str:
        done = subprocess.run(
            [self._docker, *arguments], capture_output=True, text=True, env=self._environment, timeout=180
        )
        assert done.returncode == 0, f"docker {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()


@pytest.fixture(scope="module")
def image(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The image, built as `docker build visitor_counter` does, from a checkout made under a umask of 077."""
    name = f"visitor-counter-test:{uuid.uuid4().hex[:8]}"
    docker = Engine(engine)
    folder = tmp_path_factory.mktemp("checkout") / FOLDER.name
    shutil.copytree(FOLDER, folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    docker("build", "--quiet", "--tag", name, folder)
    yield name
    docker("image", "rm", "--force", name)


def configuration(docker: Engine, image: str) -> dict[str, Any]:
    (inspected,) = json.loads(docker("image", "inspect", image))
    config: dict[str, Any] = inspected["Config"]
    return config


def test_the_image_says_how_it_runs(engine: str, image: str) -> None:
    config = configuration(Engine(engine), image)
    assert config["Cmd"] == ["python", "-m", "visitor_counter"]
    assert config["User"] == "10001:10001"
    assert config["ExposedPorts"] == {"8000/tcp": {}}
    assert config["StopSignal"] == "SIGTERM"
    assert config["Healthcheck"]["Test"] == ["CMD", "python", "-m", "visitor_counter.healthcheck"]


def test_the_image_holds_what_it_runs_and_no_more(engine: str, image: str) -> None:
    docker = Engine(engine)
    files = docker("run", "--rm", image, "find", "/app", "-type", "f", "-not", "-name", "*.pyc").splitlines()
    names = {name.removeprefix("/app/visitor_counter/") for name in files}
    assert {"__main__.py", "app.py", "templates/page.css", "templates/visitor.html"} <= names
    assert not {"Dockerfile", "compose.yaml", "requirements.in", ".dockerignore"} & names
    probe = "import importlib.util as u; print([m for m in ('pip', 'ensurepip') if u.find_spec(m)])"
    assert docker("run", "--rm", image, "python", "-c", probe) == "[]"


def test_it_runs_read_only_without_rights_and_stops_cleanly(
    engine: str, image: str, free_port: Callable[[], int]
) -> None:
    docker = Engine(engine)
    port = free_port()
    hardened = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true")
    container = docker("run", "--detach", *hardened, "--publish", f"127.0.0.1:{port}:8000", image)
    try:
        assert until_alive(port).text.strip() == '{"status":"ok"}'
        assert docker("exec", container, "id", "-u") == "10001"
        docker("exec", container, "python", "-m", "visitor_counter.healthcheck")
        assert 'route="/healthz"' in ask(port, "/metrics").text  # which needs a place to write to
        away = ask(port, "/")  # it lives without Redis
        assert (away.status, away.headers["Retry-After"]) == (503, "5")
        docker("stop", "--time", "30", container)
        (state,) = json.loads(docker("container", "inspect", container))
        assert state["State"]["ExitCode"] == 0
        assert not state["State"]["OOMKilled"]
    finally:
        docker("container", "rm", "--force", "--volumes", container)


def test_it_is_small(engine: str, image: str) -> None:
    """What it adds to its base, unpacked; packed it is a quarter. The base is whatever this engine has under that
    name: the official one takes less than 50 MB packed, a stand-in for it can take three times as much."""
    docker = Engine(engine)
    base = re.findall(r"^FROM (\S+)$", (FOLDER / "Dockerfile").read_text(), flags=re.MULTILINE)[-1]
    whole, below = (int(docker("image", "inspect", "--format={{.Size}}", name)) for name in (image, base))
    assert 1_000_000 < whole - below < 70_000_000, f"{(whole - below) / 1e6:.0f} MB"


def test_it_answers_soon_after_its_start(engine: str, image: str, free_port: Callable[[], int]) -> None:
    docker = Engine(engine)
    port = free_port()
    container = docker("create", "--publish", f"127.0.0.1:{port}:8000", image)
    try:
        took = []
        for _ in range(3):
            docker("start", container)
            begun = datetime.fromisoformat(docker("inspect", "--format", "{{.State.StartedAt}}", container))
            until_alive(port)
            took.append((datetime.now(UTC) - begun).total_seconds())
            docker("stop", "--time", "10", container)
        # Within a second on a machine that does nothing else; here other tests run beside it.
        assert min(took) < 4, took
    finally:
        docker("container", "rm", "--force", "--volumes", container)


def until_alive(port: int) -> Answer:
    deadline = time.monotonic() + 20
    while True:
        try:
            return ask(port, "/healthz")
        except OSError:
            assert time.monotonic() < deadline, "the container does not answer"
            time.sleep(0.02)


@pytest.fixture
def composed(
    engine: str, image: str, free_port: Callable[[], int]
) -> Iterator[tuple[Engine, tuple[str, ...], int]]:
    """The engine, the compose command for a project of this test alone, and the port that it publishes."""
    port = free_port()
    docker = Engine(engine, VISITOR_COUNTER_PORT=str(port), VISITOR_COUNTER_IMAGE=image)
    project = f"visitor-counter-{uuid.uuid4().hex[:8]}"
    compose = ("compose", "--file", str(FOLDER / "compose.yaml"), "--project-name", project)
    yield docker, compose, port
    docker(*compose, "down", "--volumes", "--timeout", "10")


def test_compose_counts_and_keeps_the_count(composed: tuple[Engine, tuple[str, ...], int]) -> None:
    docker, compose, port = composed
    up = (*compose, "up", "--detach", "--wait", "--wait-timeout", "90")
    docker(*up)
    health = {
        service: json.loads(docker("inspect", docker(*compose, "ps", "--quiet", service)))[0]
        for service in ("web", "redis")
    }
    for service, state in health.items():
        assert state["State"]["Health"]["Status"] == "healthy", service
        assert state["HostConfig"]["ReadonlyRootfs"], service
        assert state["HostConfig"]["CapDrop"] == ["ALL"], service
        assert state["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped", service
    published = health["web"]["NetworkSettings"]["Ports"]["8000/tcp"]
    assert published == [{"HostIp": "127.0.0.1", "HostPort": str(port)}]
    assert not any(health["redis"]["NetworkSettings"]["Ports"].values())
    assert docker(*compose, "exec", "redis", "id", "-un") == "redis"

    assert "You're the 1st visitor" in ask(port, "/").text
    assert json.loads(ask(port, "/api/visits", "POST").text) == {"visits": 2}
    assert ask(port, "/readyz").status == 200
    docker(*compose, "down")
    docker(*up)
    assert json.loads(ask(port, "/api/visits", "POST").text) == {"visits": 3}
    # A crash of Redis: restarted by the engine, with every visit that was shown.
    docker(*compose, "kill", "--signal", "KILL", "redis")
    docker(*up)
    assert json.loads(ask(port, "/api/visits", "POST").text) == {"visits": 4}
