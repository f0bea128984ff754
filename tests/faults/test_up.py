"""`make up` when things go wrong: what it says, what it leaves behind, and that the next one works."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from local.web import request
from tests.conftest import FirstUp
from tests.faults.visits import visiting
from tests.local_run import ROOT, LocalRun, interrupt, wait_for


@pytest.fixture
def deployed(first_up: FirstUp, tmp_path: Path) -> Iterator[LocalRun]:
    """A local run that is down, with both stacks deployed by an earlier one."""
    run = LocalRun.prepared(tmp_path / "state", first_up.data)
    yield run
    run("down")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[LocalRun]:
    """A local run in which nothing has been started yet."""
    run = LocalRun(tmp_path / "state")
    yield run
    run("down")


def _one_line(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--site", "no/such/folder"), "no/such/folder"),
        (("-c", "hostng=website"), 'did you mean "hosting"?'),
        (("-c", "price_class=300"), "price_class"),
        (("-c", "visitor_count=true", "-c", "hosting=website"), "visitor_count"),
        (("-c", "hosting"), "-c hosting=<value>"),
        (("--port", "http"), "PORT=http"),
        (("--port", "80"), "PORT=80"),
        (("--endpoint", "localhost:4566"), "ENDPOINT=localhost:4566"),
    ],
)
def test_bad_input_is_one_line_and_starts_nothing(
    fresh: LocalRun, arguments: tuple[str, ...], expected: str
) -> None:
    """Exit code 2, the setting and what is wrong with it on one line, no process, no state."""
    done = fresh("up", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert expected in _one_line(done)
    assert fresh.processes() == []
    assert not (fresh.folder / "run.json").exists()


def test_an_endpoint_where_nothing_answers(fresh: LocalRun, free_port: Callable[[], int]) -> None:
    """The user's own emulator is not there: said at once."""
    done = fresh("up", "--endpoint", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert "no AWS emulator answers" in _one_line(done)


def test_a_port_that_the_user_named_is_taken(fresh: LocalRun) -> None:
    """Says by whom, and picks no other."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = fresh("up", PORT=str(other.getsockname()[1]))
    assert done.returncode == 2
    assert f"(pid {os.getpid()})" in _one_line(done)


def test_two_at_once(fresh: LocalRun) -> None:
    """The second says who is at work, and disturbs nothing."""
    first = fresh.start("up")
    wait_for(lambda: fresh.has_started("emulator"))
    second = fresh("up")
    assert second.returncode == 1
    assert f"make up (pid {first.pid})" in _one_line(second)
    assert first.poll() is None
    interrupt(first)


# A setting that changes a template: with data of an earlier run, there is something to deploy.
_CHANGED = ("-c", "routing=spa")


def _is_deploying(run: LocalRun) -> bool:
    return "_IN_PROGRESS" in run.log("cdk").partition("$ cdk deploy")[2]


def _left_nothing_running(run: LocalRun) -> bool:
    return run.processes() == [] and not (run.folder / "run.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_interrupted_while_the_emulator_starts(fresh: LocalRun, number: signal.Signals) -> None:
    """Ctrl-C, or `kill`: exit code 130, no process left."""
    up = fresh.start("up")
    wait_for(lambda: fresh.has_started("emulator"))
    output = interrupt(up, number)
    assert up.returncode == 130, output
    assert "Traceback" not in output
    assert _left_nothing_running(fresh)


def test_interrupted_during_bootstrap(fresh: LocalRun) -> None:
    """The CDK CLI is ended too, with all that it started."""
    up = fresh.start("up")
    wait_for(lambda: "Bootstrapping" in fresh.log("cdk"))
    output = interrupt(up)
    assert up.returncode == 130, output
    assert _left_nothing_running(fresh)


@pytest.mark.thorough
def test_interrupted_during_the_deploy(deployed: LocalRun) -> None:
    """Half a deploy is no hindrance for the next `up`."""
    up = deployed.start("up", *_CHANGED)
    wait_for(lambda: _is_deploying(deployed))
    output = interrupt(up)
    assert up.returncode == 130, output
    assert _left_nothing_running(deployed)
    deployed.up(*_CHANGED)


def test_interrupted_while_the_counter_starts(deployed: LocalRun) -> None:
    """The last phase: Redis and the counter are stopped too."""
    up = deployed.start("up")
    wait_for(lambda: deployed.has_started("counter"))
    output = interrupt(up)
    assert up.returncode == 130, output
    assert _left_nothing_running(deployed)


def test_a_deploy_that_hangs_is_stopped(deployed: LocalRun) -> None:
    """The time limit: said which, how to allow more, and nothing is left running."""
    done = deployed("up", *_CHANGED, LOCAL_TIME_LIMIT="1")
    assert done.returncode == 1
    assert "took longer than 1 s" in done.stderr
    assert "LOCAL_TIME_LIMIT" in done.stderr
    assert _left_nothing_running(deployed)


@pytest.mark.thorough
def test_the_emulator_is_killed_during_the_deploy(deployed: LocalRun) -> None:
    """Said at once, not after a time limit. (The next `up` is that of an interrupted deploy, above.)"""
    up = deployed.start("up", *_CHANGED)
    wait_for(lambda: _is_deploying(deployed))
    emulator = deployed.process("emulator")
    for process in [*emulator.children(recursive=True), emulator]:
        process.kill()
    output, _ = up.communicate(timeout=30)
    assert up.returncode == 1
    # a deploy may be over before it is seen: what comes next then finds nobody
    assert re.search("the emulator (ended during `cdk deploy`|stopped answering)", output), output
    assert "Traceback" not in output
    assert _left_nothing_running(deployed)


@pytest.mark.thorough
@pytest.mark.parametrize(("workers", "outcome"), [(1, "ROLLBACK_COMPLET"), (9, "ROLLBACK_FAILED")])
def test_a_deploy_that_fails_half_way(deployed: LocalRun, tmp_path: Path, workers: int, outcome: str) -> None:
    """The Lambda that uploads the pages is killed at work, once or each time: rolled back, or not even that.

    It is said why, nothing runs on, and the next `up` works.
    """
    site = tmp_path / "site"
    shutil.copytree(ROOT / "site", site)
    (site / "new.html").write_text("<!doctype html><title>new</title>")
    up = deployed.start("up", "--site", str(site))
    killed: set[int] = set()

    def workers_are_killed_or_up_has_ended() -> bool:
        for process in deployed.processes():
            with contextlib.suppress(psutil.Error):
                if len(killed) < workers and "VersionsPublisher" in " ".join(process.cmdline()):
                    process.kill()
                    killed.add(process.pid)
        return up.poll() is not None

    wait_for(workers_are_killed_or_up_has_ended)
    output, _ = up.communicate()
    assert killed, f"never saw the worker: {output}"
    assert up.returncode == 1, output
    # the CLI cuts the state's name to the width of its column
    states = [line[:90] for line in deployed.log("cdk").splitlines() if "CloudFormation::Stack" in line]
    assert any(outcome in state for state in states), states
    assert _left_nothing_running(deployed)
    assert "visit" in deployed.up("--site", str(site))


@pytest.mark.thorough
def test_redis_is_killed_while_serving(deployed: LocalRun) -> None:
    """503 and no count while it is away; `up` brings it back with the count it had."""
    deployed.up()
    visits = deployed.state["counter_url"] + "api/visits"
    before = request("POST", visits).json()["visits"]
    time.sleep(2)  # "appendfsync everysec": Redis may hold a write back while the disk is busy
    deployed.process("redis").kill()
    wait_for(lambda: request("GET", visits).status_code == 503, seconds=5)
    assert deployed("status").returncode == 3
    deployed.up()
    assert request("POST", visits).json()["visits"] > before


@pytest.mark.thorough
def test_an_update_of_the_counter_fails_no_visitor(deployed: LocalRun, tmp_path: Path) -> None:
    """Visits through the load balancer go on while a new task definition is deployed: first one whose counter does
    not start, which gets no request (as at ECS), and then one that takes over."""
    deployed.up()
    former = deployed.state["processes"]["counter"]["pid"]
    impostor = deployed.folder / "visitor_counter"  # found first, in the folder that it is started in
    impostor.mkdir()
    (impostor / "__init__.py").touch()
    (impostor / "__main__.py").write_text("raise SystemExit('no counter today')")
    address = urlsplit(deployed.state["counter_url"])
    with visiting(address.port or 80, tmp_path, host=address.netloc, clients=2, connections=4) as clients:
        failed = deployed("up", "-c", "counter_memory=1024")
        left = deployed.state["processes"]["counter"]["pid"]
        shutil.rmtree(impostor)
        said = deployed.up("-c", "counter_memory=1024")
        time.sleep(1)
        told = clients.stop()
    assert failed.returncode == 1
    assert "counter ended while starting" in failed.stderr
    assert left == former
    assert "visitor counter, as a process" in said
    assert deployed.state["processes"]["counter"]["pid"] != former
    assert "former-counter" not in deployed.state["processes"]
    assert (told.unanswered, told.twice, told.grew) == (0, [], True), told.why
    # Of the counter itself: Redis may take longer than the 0.15 s of a deployed counter, on a machine that tests.
    assert told.refused <= told.answered / 100
    assert told.answered > 100


@pytest.mark.parametrize("killed", ["counter", pytest.param("emulator", marks=pytest.mark.thorough)])
def test_a_part_that_was_killed_is_started_again(deployed: LocalRun, killed: str) -> None:
    """Only what is missing is started; the rest goes on."""
    deployed.up()
    before = {name: p["pid"] for name, p in deployed.state["processes"].items()}
    deployed.process(killed).kill()
    deployed.up()
    after = {name: p["pid"] for name, p in deployed.state["processes"].items()}
    assert {name for name in before if before[name] != after[name]} == {killed}


def test_make_works_from_another_folder(tmp_path: Path) -> None:
    """`make -f <path> status` from anywhere."""
    done = subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "status"],
        cwd=tmp_path,
        # "make test ARGS=…" is not meant for this one
        env={**os.environ, "LOCAL_STATE_DIR": str(tmp_path / "state"), "MAKEFLAGS": "", "ARGS": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "emulator  stopped" in done.stdout, done.stdout + done.stderr


def test_no_disk_space_for_the_set_up(tmp_path: Path) -> None:
    """A full disk is said before anything is written, with the space that is needed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        for name in ("requirements.txt", "package-lock.json"):
            shutil.copy(ROOT / name, disk)
        (disk / "local").mkdir()
        for name in ("install.py", "uv.txt"):
            shutil.copy(ROOT / "local" / name, disk / "local")
        done = subprocess.run(
            [sys.executable, str(disk / "local" / "install.py"), "synth"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "no disk space" in _one_line(done)
        assert not (disk / ".venv").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
