"""The container engine of this machine, if one answers: runs the deployed image as ECS would."""

import json
import os
import platform
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.errors import BadInputError, LocalRunError

IMAGE_TOOL = Path(__file__).parent / "docker-for-ecr"
"""What CDK calls for `docker` (its CDK_DOCKER): builds with the engine, pushes to the emulator's registry."""

_OFF = "LOCAL_ENGINE"
_STOP_SECONDS = 150.0  # the longest stopTimeout of a Fargate task is 120 s; the container's own decides


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answers; `machine` is its processor, as Docker names it (`x86_64`, `aarch64`)."""

    version: str
    machine: str

    def run(
        self,
        name: str,
        image: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        read_only_files: Sequence[Path] = (),
        options: Sequence[str] = (),
    ) -> None:
        """Start a container in the host's network; raises `LocalRunError`, and can leave it unstarted then.

        `environment` goes through our own, not the command line, which every user of the machine can read.
        `read_only_files` are mounted at their own paths; the container's user has to be allowed to read them.
        """
        # z: SELinux would keep the container from a file of ours that is not labelled for it
        mounts = [f"--volume={file}:{file}:ro,z" for file in read_only_files]
        variables = [f"--env={variable}" for variable in environment]
        arguments = ["run", "--detach", f"--name={name}", "--network=host", *variables, *mounts, *options]
        docker([*arguments, image, *command], environment=environment)

    def pull(self, image: str) -> None:
        """Fetch `image`; raises `LocalRunError`."""
        docker(["pull", "--quiet", image], seconds=300)

    def last_lines(self, container: str) -> str:
        """The last lines that the container wrote, to either stream."""
        return docker(["logs", "--tail=15", container], errors_too=True)

    def runs(self, container: str) -> bool:
        """Whether the container runs."""
        try:
            return docker(["container", "inspect", "--format={{.State.Running}}", container]) == "true"
        except LocalRunError:
            return False

    def image_of(self, container: str) -> str:
        """The name of the image that the container was made from; empty when there is no such container."""
        try:
            return docker(["container", "inspect", "--format={{.Config.Image}}", container])
        except LocalRunError:
            return ""

    def rename(self, container: str, name: str) -> None:
        """Give the container another name; raises `LocalRunError`."""
        docker(["container", "rename", container, name])

    def remove(self, container: str) -> None:
        """Stop the container (SIGTERM, SIGKILL after its own stop timeout) and remove it with its volumes.

        No error when there is none; raises `LocalRunError` when it cannot be removed.
        """
        _unless_gone(["stop", container], seconds=_STOP_SECONDS)
        _unless_gone(["rm", "--force", "--volumes", container])

    def remove_image(self, image: str) -> None:
        """Take the name `image` away, and the image with its last name; kept if a container uses it."""
        _unless_gone(["image", "rm", image], also="conflict")


def registry(endpoint: str) -> str:
    """Address of the image registry behind an emulator's URL: its gateway serves both."""
    return urlsplit(endpoint).netloc


def find() -> Engine | None:
    """The engine to run containers with; None when there is none or `LOCAL_ENGINE=none` turns it off.

    Raises `BadInputError` for another value of LOCAL_ENGINE.
    """
    wish = os.environ.get(_OFF, "")
    if wish not in ("", "none"):
        raise BadInputError(
            f"{_OFF}={wish}: must be none (the counter runs as a process), or not set (as a container where an "
            "engine answers)"
        )
    return None if wish else answering()


def answering() -> Engine | None:
    """The Docker engine that answers here and shares this machine's network, if there is one."""
    if platform.system() != "Linux" or not shutil.which("docker"):
        return None
    try:
        info = json.loads(docker(["info", "--format={{json .}}"], seconds=5))
        usable = shares_network(info, socket.gethostname())
        return Engine(info["ServerVersion"], info["Architecture"]) if usable else None
    except (LocalRunError, ValueError, KeyError):
        return None


def shares_network(info: Mapping[str, Any], host: str) -> bool:
    """Whether 127.0.0.1 in a container with the host's network is the 127.0.0.1 of the machine `host`.

    `info` is what `docker info` says. It is another one in a virtual machine (Docker Desktop), on another
    machine (DOCKER_HOST), for a client that runs in a container itself with the engine's socket mounted, and
    in rootless mode, which has a network of its own (Docker documentation, "Rootless mode", known limitations).
    """
    rootless = any("rootless" in option for option in info.get("SecurityOptions") or [])
    return info.get("OSType") == "linux" and info.get("Name") == host and not rootless


def docker(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float = 60,
    errors_too: bool = False,
) -> str:
    """Run the Docker CLI and return what it printed (with `errors_too`, on standard error as well).

    Raises `LocalRunError` with its complaint when it fails or takes longer than `seconds`.
    """
    try:
        done = subprocess.run(
            ["docker", *arguments],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors_too else subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            start_new_session=True,  # a terminal's Ctrl-C is ours to handle: it would cut `docker run` in half
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LocalRunError(f"docker {arguments[0]}: {error}") from error
    if done.returncode:
        raise LocalRunError(f"docker {arguments[0]}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout.strip()


def _unless_gone(arguments: Sequence[str], *, also: str = "no such", seconds: float = 60) -> None:
    try:
        docker(arguments, seconds=seconds)
    except LocalRunError as error:
        said = str(error).lower()
        if "no such" not in said and also not in said:
            raise
