"""`make up` with a container engine: the deployed image, built, pushed, pulled and run as ECS would run it.

The tests share one local run and go through its life in order; each leaves it up for the next.
"""

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx
import psutil
import pytest

from local.emulator.environment import ACCOUNT, REGION
from local.engine import IMAGE_TOOL, shares_network
from local.redis_server import find_server
from local.web import request
from stacks.counter import contract
from tests import parts
from tests.faults.visits import visiting
from tests.local_run import LocalRun, interrupt, wait_for


class Docker:
    """The engine, as its command line shows it."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run([self._command, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
        return done.stdout.strip()

    def container(self, name: str) -> dict[str, Any]:
        (found,) = json.loads(self("container", "inspect", name))
        inspected: dict[str, Any] = found
        return inspected

    def ids(self, name: str) -> set[str]:
        """Ids of all containers of that name, running or not."""
        return set(self("ps", "--all", "--quiet", "--no-trunc", f"--filter=name=^{name}$").split())

    def images(self) -> set[str]:
        return set(self("images", "--format={{.Repository}}:{{.Tag}}").split())


@dataclass
class Up:
    """The run, what its two first `up` said (the first was interrupted), and the images before them."""

    run: LocalRun
    docker: Docker
    interrupted: str
    running_after_interrupt: list[psutil.Process]
    said: str
    images_before: set[str]

    @property
    def container(self) -> str:
        """Name of the counter's container."""
        return str(self.run.state["container"])

    @property
    def image(self) -> str:
        """Name of the image that it runs."""
        return str(self.docker.container(self.container)["Config"]["Image"])

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]  # the service's name is no literal here
            service,
            endpoint_url=self.run.state["endpoint"],
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",
        )

    def task_definition(self) -> dict[str, Any]:
        ecs = self.client("ecs")
        (arn,) = ecs.list_task_definitions()["taskDefinitionArns"]
        found: dict[str, Any] = ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        return found

    def visit(self) -> int:
        answer = request("POST", self.run.state["counter_url"] + "api/visits")
        assert answer.status_code == 200, answer.text
        return int(answer.json()["visits"])


@pytest.fixture(scope="module")
def up(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A run from nothing whose first `up` gets a Ctrl-C while the image is built."""
    docker = Docker(engine)
    run = LocalRun(tmp_path_factory.mktemp("with engine") / "state", LOCAL_ENGINE="")
    images = docker.images()
    old_umask = os.umask(0o077)  # what is given to the container must be given on purpose
    try:
        first = run.start("up")
        wait_for(lambda: "load build definition" in run.log("cdk") or first.poll() is not None)
        interrupted = interrupt(first)
        left = run.processes()
        yield Up(run, docker, interrupted, left, run.up(), images)
    finally:
        os.umask(old_umask)
        run("down")


def test_interrupted_during_the_build(up: Up) -> None:
    """Said so, nothing left running; the next `up` (all other tests) works."""
    assert "interrupted" in up.interrupted
    assert "Traceback" not in up.interrupted
    assert up.running_after_interrupt == []


def test_it_says_that_it_runs_as_a_container_and_from_which_image(up: Up) -> None:
    assert f"container {up.container}" in up.said
    assert up.image in up.said
    assert f"runs, container {up.container}" in up.run("status").stdout


def test_the_image_was_pushed_whole_and_runs(up: Up) -> None:
    """CDK built it, ECR knows it, every byte is in the registry, and it is what the container was made from."""
    registry, _, name = up.image.partition("/")
    assert f"http://{registry}" == up.run.state["endpoint"]
    assert up.task_definition()["containerDefinitions"][0]["image"].endswith(f".amazonaws.com/{name}")
    repository, _, tag = name.rpartition(":")
    (known,) = up.client("ecr").describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])[
        "imageDetails"
    ]
    (inspected,) = json.loads(up.docker("image", "inspect", up.image))
    assert inspected["RepoDigests"] == [f"{registry}/{repository}@{known['imageDigest']}"]
    assert up.docker.container(up.container)["Image"] == inspected["Id"]
    base = f"http://{registry}/v2/{repository}"
    manifest = httpx.get(f"{base}/manifests/{tag}", trust_env=False).json()
    for blob in [manifest["config"], *manifest["layers"]]:
        content = httpx.get(f"{base}/blobs/{blob['digest']}", trust_env=False).content
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == blob["digest"]


def test_it_runs_as_its_task_definition_says(up: Up) -> None:
    task = up.task_definition()
    (defined,) = task["containerDefinitions"]
    container = up.docker.container(up.container)
    host = container["HostConfig"]
    assert container["Config"]["Cmd"] == defined["command"]
    assert container["Config"]["StopTimeout"] == defined["stopTimeout"]
    assert container["Config"]["User"] == "10001:10001"
    assert host["ReadonlyRootfs"] is defined["readonlyRootFilesystem"] is True
    assert host["Init"] is defined["linuxParameters"]["initProcessEnabled"] is True
    assert host["CapDrop"] == defined["linuxParameters"]["capabilities"]["drop"] == ["ALL"]
    assert host["Memory"] == int(task["memory"]) * 2**20
    given = dict(variable.split("=", 1) for variable in container["Config"]["Env"])
    assert len(given[contract.PASSWORD_VARIABLE]) >= 32
    different = {v["name"] for v in defined["environment"] if given[v["name"]] != v["value"]}
    assert different <= {"HOST", "PORT", "REDIS_HOST", "REDIS_PORT", "REDIS_TLS", "FORWARDED_ALLOW_IPS"}


def test_image_and_task_are_for_this_processor(up: Up) -> None:
    machine = up.docker("info", "--format={{.Architecture}}")
    names = {"x86_64": ("X86_64", "amd64"), "aarch64": ("ARM64", "arm64")}[machine]
    (image,) = json.loads(up.docker("image", "inspect", up.image))
    assert (up.task_definition()["runtimePlatform"]["cpuArchitecture"], image["Architecture"]) == names


def test_redis_is_reached_over_tls(up: Up) -> None:
    """Certificate verified, by a user that does not own the authority's file (umask 077)."""
    parts.require("Redis with TLS", find_server().supports_tls(), "install redis-server 6 or newer")
    given = up.docker.container(up.container)["Config"]["Env"]
    assert "REDIS_TLS=true" in given
    ready = request("GET", f"http://127.0.0.1:{up.run.state['counter_port']}/readyz")
    assert ready.status_code == 200


def test_its_log_is_one_of_the_logs(up: Up) -> None:
    up.visit()
    wait_for(lambda: up.run.log("counter").count('"path": "/api/visits"') >= 5, seconds=5)
    assert "counter | {" in up.run("logs", "counter", "--no-follow").stdout


def test_the_second_up_leaves_it_alone(up: Up) -> None:
    before = up.docker.container(up.container)["Id"]
    said = up.run.up()
    assert "deployed before, nothing changed" in said
    assert up.docker.container(up.container)["Id"] == before


def test_an_update_fails_no_visitor(up: Up, tmp_path: Path) -> None:
    """Visits through the load balancer go on while a container of a new task definition takes over."""
    before = up.docker.container(up.container)["Id"]
    address = urlsplit(up.run.state["counter_url"])
    with visiting(address.port or 80, tmp_path, host=address.netloc, clients=2, connections=4) as clients:
        up.run.up("-c", "counter_memory=1024")
        time.sleep(1)
        told = clients.stop()
    assert up.docker.container(up.container)["Id"] != before
    assert (told.unanswered, told.twice, told.grew) == (0, [], True), told.why
    assert told.refused <= told.answered / 100  # see tests/faults/test_up.py
    assert told.answered > 100
    assert not up.docker.ids(f"{up.container}-former")


def test_ctrl_c_while_a_killed_container_is_started_again(up: Up) -> None:
    """`status` tells that it ended; the interrupted `up` removes its own half start, and nothing else."""
    name, before = up.container, up.run.state["processes"]
    up.docker("kill", name)
    done = up.run("status")
    assert done.returncode == 3
    assert "ended (container" in done.stdout
    killed = up.docker.ids(name)
    again = up.run.start("up")
    wait_for(lambda: up.docker.ids(name) - killed, seconds=120)
    output = interrupt(again)
    assert again.returncode == 130, output
    assert up.docker.ids(name) == killed
    assert not up.docker.ids(f"{name}-former")
    for process in ("emulator", "redis"):
        assert up.run.process(process).is_running()
        assert up.run.state["processes"][process] == before[process]


def test_a_container_that_a_crash_left_is_in_nobodys_way(up: Up) -> None:
    """`up` is killed between the container's start and its own end; the next one counts on."""
    crashed = up.run.start("up")
    wait_for(lambda: up.container and up.docker.ids(up.container), seconds=120)
    interrupt(crashed, signal.SIGKILL)
    up.run.up()
    assert up.docker.container(up.container)["State"]["Running"]
    assert up.visit() > 1


def test_down_removes_container_and_image(up: Up) -> None:
    """Without the engine it says what it leaves; with it, also when turned off for `up`, it removes that too."""
    name = up.container
    done = up.run("down", DOCKER_HOST="unix:///nowhere")
    assert done.returncode == 1
    assert f"all is stopped but the container {name}" in done.stderr
    assert up.run.processes() == []
    assert up.docker.ids(name)
    assert up.run("down", LOCAL_ENGINE="none").returncode == 0
    assert not up.docker.ids(name)
    assert up.docker.images() <= up.images_before


@pytest.mark.parametrize(
    ("info", "shared"),
    [
        ({}, True),
        ({"Name": "docker-desktop"}, False),
        ({"OSType": "windows"}, False),
        ({"SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless"]}, False),
    ],
    ids=["of this machine", "another machine", "Windows", "rootless"],
)
def test_an_engine_is_used_if_it_shares_the_network(info: dict[str, Any], shared: bool) -> None:
    here = {"OSType": "linux", "Name": "here", "SecurityOptions": ["name=seccomp,profile=builtin"]}
    assert shares_network(here | info, "here") is shared


def test_a_wrong_local_engine(tmp_path: Path) -> None:
    """Refused in one line, before anything is started."""
    done = LocalRun(tmp_path / "state")("up", LOCAL_ENGINE="docker")
    assert done.returncode == 2
    assert done.stderr.strip().startswith("LOCAL_ENGINE=docker: must be none")


def test_nothing_is_pushed_elsewhere() -> None:
    """CDK's `docker` refuses to push what is not for ECR; it never gets as far as calling the engine."""
    done = subprocess.run(
        [IMAGE_TOOL, "push", "docker.io/library/ours:1"],
        env={**os.environ, "ECR_REGISTRY": "127.0.0.1:1"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (2, "docker-for-ecr: no ECR name: docker.io/library/ours:1\n")
