"""The site's image, on a real container engine, as small in rights as it can be run."""

import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.site_serving import url_cases
from tests.site_serving.url_cases import (
    CASES,
    SITE,
    SLASH_CASES,
    SLASH_SITE,
    SPA_CASES,
    SPA_SITE,
    Case,
    Visitor,
)

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "a folder/of the site"
HARDENED = (
    "--read-only",
    "--tmpfs=/tmp:mode=1777,noexec,nosuid,nodev",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges:true",
)


class Engine:
    """Runs one engine command at a time, and shows what it said when it fails."""

    def __init__(self, docker: str) -> None:
        self._docker = docker

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a command, which may fail."""
        return subprocess.run(
            [self._docker, *arguments], capture_output=True, text=True, timeout=180, check=False
        )

    def __call__(self, *arguments: str | Path) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, f"docker {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()


def checkout(folder: Path, site: Mapping[str, bytes]) -> Path:
    """What of the checkout the build needs, and a site in it, as they are under a umask of 077."""
    for name in ("stacks", "site"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".dockerignore", folder)
    url_cases.write(folder / FOLDER, site)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


@contextmanager
def built(engine: str, folder: Path, *arguments: str) -> Iterator[str]:
    """The image of the checkout `folder`; `arguments` are NAME=value."""
    docker = Engine(engine)
    name = f"site-test:{uuid.uuid4().hex[:8]}"
    options = [f"--build-arg={argument}" for argument in (f"SITE={FOLDER}", *arguments)]
    docker("build", "--quiet", "--tag", name, *options, "--file", folder / "site" / "Dockerfile", folder)
    try:
        yield name
    finally:
        docker("image", "rm", "--force", name)


@contextmanager
def running(engine: str, image: str, port: int) -> Iterator[tuple[Visitor, str]]:
    """A container of the image and who visits it."""
    docker = Engine(engine)
    container = docker("run", "--detach", *HARDENED, "--publish", f"127.0.0.1:{port}:8080", image)
    try:
        visitor = Visitor(f"127.0.0.1:{port}")
        deadline = time.monotonic() + 20
        while True:
            try:
                visitor.asks("/")
                break
            except OSError:
                assert time.monotonic() < deadline, docker.run("logs", container).stderr
                time.sleep(0.1)
        yield visitor, container
    finally:
        docker("container", "rm", "--force", "--volumes", container)


@pytest.fixture(scope="module")
def image(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of the table's site."""
    with built(engine, checkout(tmp_path_factory.mktemp("checkout"), SITE)) as name:
        yield name


def test_the_table_with_no_rights(engine: str, image: str, free_port: Callable[[], int]) -> None:
    docker = Engine(engine)
    with running(engine, image, free_port()) as (visitor, container):
        for case in CASES:
            url_cases.check(visitor, case)
        url_cases.check_conditions(visitor)
        assert docker("exec", container, "id", "-u") == "101"
        docker("exec", container, "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/")
        said = docker.run("logs", container)
        assert '"GET /about HTTP/1.1" 200' in said.stdout
        assert "[" not in said.stderr, "no warning of nginx, whose level is in brackets"
        docker("stop", "--time", "30", container)
        (state,) = json.loads(docker("container", "inspect", container))
        assert state["State"]["ExitCode"] == 0


def test_the_image_says_how_it_runs_and_holds_what_is_published(engine: str, image: str) -> None:
    docker = Engine(engine)
    (inspected,) = json.loads(docker("image", "inspect", image))
    config = inspected["Config"]
    assert config["User"] == "101:101"
    assert config["ExposedPorts"] == {"8080/tcp": {}}
    assert config["StopSignal"] == "SIGQUIT"
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "wget"]
    files = docker("run", "--rm", image, "find", "/srv", "-type", "f").splitlines()
    rules = {"_headers", "_redirects"}
    assert set(files) == {f"/srv/site/{name}" for name in SITE.keys() - rules} | {"/srv/pages/404.html"}
    assert docker("run", "--rm", image, "find", "/srv", "/etc/nginx/nginx.conf", "-user", "101") == ""


@pytest.mark.parametrize(
    ("arguments", "site", "cases"),
    [
        (["ROUTING=spa"], SPA_SITE, SPA_CASES),
        (["TRAILING_SLASH=always", "CONTENT_SECURITY_POLICY="], SLASH_SITE, SLASH_CASES["always"]),
        (
            ["TRAILING_SLASH=never", "CONTENT_SECURITY_POLICY=default-src 'self'"],
            SLASH_SITE,
            SLASH_CASES["never"],
        ),
    ],
    ids=["spa", "always", "never"],
)
def test_its_settings(
    engine: str,
    tmp_path: Path,
    free_port: Callable[[], int],
    arguments: Sequence[str],
    site: Mapping[str, bytes],
    cases: Sequence[Case],
) -> None:
    with (
        built(engine, checkout(tmp_path, site), *arguments) as image,
        running(engine, image, free_port()) as (visitor, _),
    ):
        for case in cases:
            url_cases.check(visitor, case, site)
        policy = visitor.asks("/").header.get("content-security-policy", "")
        given = next((word for word in arguments if word.startswith("CONTENT")), "")
        assert policy == given.partition("=")[2] or not given


def test_a_fault_stops_the_build_with_its_line(engine: str, tmp_path: Path) -> None:
    folder = checkout(tmp_path, {"index.html": b"", "_redirects": b"/a /a\n"})
    done = Engine(engine).run(
        "build", f"--build-arg=SITE={FOLDER}", "--file", folder / "site" / "Dockerfile", folder
    )
    assert done.returncode != 0
    assert "_redirects:1: /a /a: redirects to itself" in done.stdout + done.stderr
