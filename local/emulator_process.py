"""The emulator of the local run: started when none runs, or the user's own (`ENDPOINT`)."""

import os
import shutil
import sys
from typing import Any

import httpx

from local import ports, processes
from local.deployed import Deployed, port_of
from local.errors import BadInputError, LocalRunError
from local.layout import ROOT
from local.processes import Process
from local.session import Session

PORT = 4566
"""The port that local AWS emulators are expected on."""

_START_SECONDS = 60.0


def given_endpoint(endpoint: str) -> str:
    """Check the `ENDPOINT` that the user named; raises `LocalRunError` when no AWS answers there."""
    if not endpoint.startswith(("http://", "https://")):
        raise BadInputError(f"ENDPOINT={endpoint}: not a URL; write it as ENDPOINT=http://127.0.0.1:{PORT}")
    Deployed(endpoint).account()
    return endpoint.rstrip("/")


def ensure(session: Session, port: str) -> Process:
    """The running emulator, started if need be; `port` is what the user named, or empty.

    Raises `BadInputError` for a port that cannot be used, `LocalRunError` when the emulator does not start.
    """
    running = session.state.running("emulator")
    if running and port and port != str(port_of(session.state.endpoint)):
        raise BadInputError(
            f"PORT={port}: the emulator already runs at {session.state.endpoint}; `make down` first"
        )
    if running:
        if _is(running, session.state.endpoint, seconds=20, images=_images(session)):
            return running
        running.stop()  # a container engine has come or gone, or it hangs
    number = _choose_port(session, port)
    try:
        return _start(session, number)
    except LocalRunError:
        if port or ports.is_free(number):
            raise
        # another program, or another checkout's `make up`, was quicker
        return _start(session, _choose_port(session, port))


def start_from_nothing(session: Session) -> Process:
    """Stop the emulator, forget all that it has deployed, and start it on the same port."""
    if running := session.state.running("emulator"):
        running.stop()
    shutil.rmtree(session.layout.emulator_data, ignore_errors=True)
    # between the end of one and the start of the other somebody else may have taken its port
    number, remark = ports.choose(port_of(session.state.endpoint), named=False, setting="PORT")
    if remark:
        session.console.say(f"! {remark}")
    return _start(session, number)


def _start(session: Session, number: int) -> Process:
    endpoint = f"http://{ports.LOOPBACK}:{number}"
    log = session.layout.log("emulator")
    redis_port = session.state.redis_port or ports.any_free()  # where `redis_process` will start it
    command = [sys.executable, "-P", "-m", "local.emulator", f"--port={number}"]
    command += [f"--redis={ports.LOOPBACK}:{redis_port}", f"--data={session.layout.emulator_data}"]
    command += [f"--images={_images(session)}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with session.console.step("emulator") as step:
        process = session.start(
            lambda: processes.start("emulator", command, log=log, environment=environment, folder=ROOT)
        )
        processes.wait_until(lambda: _is(process, endpoint), process, _START_SECONDS)
        session.remember(endpoint=endpoint, redis_port=redis_port)
        step.result = endpoint
    return process


def _images(session: Session) -> str:
    return "build" if session.engine else "skip"


def _is(process: Process, endpoint: str, *, seconds: float = 2, images: str | None = None) -> bool:
    """Whether it is `process` that answers at `endpoint`, and not another checkout's emulator."""
    found = health(endpoint, seconds)
    return found.get("pid") == process.pid and images in (None, found.get("images"))


def health(endpoint: str, seconds: float = 2) -> dict[str, Any]:
    """What our emulator says of itself; empty when it does not answer, or another program does."""
    try:
        answer = httpx.get(f"{endpoint}/_local/health", timeout=seconds, trust_env=False)
        found: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
        return found
    except (httpx.HTTPError, ValueError):
        return {}


def _choose_port(session: Session, named: str) -> int:
    number, remark = ports.named(named, default=PORT, setting="PORT")
    if remark:
        session.console.say(f"! {remark}")
    return number
