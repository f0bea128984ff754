"""The process that is started: it runs the server in a process group of its own and leaves none of it behind.

ministack starts workers (Lambda functions, CloudFront functions on Node), and those start programs. Whatever
ends the server, the guardian ends its whole group. Whatever ends the guardian, SIGKILL too, the server sees the
pipe between them close and stops in order, so that no process outlives either.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from local.emulator.environment import server_environment
from local.emulator.options import parse

_STOP_LIMIT_S = 30.0
"""From SIGTERM to SIGKILL. A stop takes 1 s; with the whole e-commerce platform its functions and their layers are
160 MB of state, and on a machine under load that is worth some more."""


def run(arguments: list[str]) -> int:
    """Run the server in the foreground until it ends or this process is told to stop; return its exit code."""
    options = parse(arguments)
    reader, writer = os.pipe()
    environment = server_environment(options, os.environ) | {
        "EMULATOR_LIFELINE": str(reader),
        "EMULATOR_PID": str(os.getpid()),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "local.emulator.server", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        pass_fds=(reader,),
        process_group=0,
    )
    os.close(reader)
    deadline: float | None = None

    def stop(number: int, _frame: FrameType | None) -> None:
        nonlocal deadline
        if deadline is None:
            print(f"emulator: stopping on {signal.Signals(number).name}", flush=True)
            deadline = time.monotonic() + _STOP_LIMIT_S
            server.send_signal(signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        code = _wait(server, lambda: deadline)
    finally:
        _end_group(server.pid)
        os.close(writer)
    return code


def _wait(server: "subprocess.Popen[bytes]", deadline: Callable[[], float | None]) -> int:
    while True:
        limit = deadline()
        remaining = 0.5 if limit is None else max(limit - time.monotonic(), 0.0)
        try:
            code = server.wait(timeout=min(remaining, 0.5))
        except subprocess.TimeoutExpired:
            if limit is not None and time.monotonic() >= limit:
                print(
                    "emulator: did not stop in time and was killed; its state will be discarded",
                    file=sys.stderr,
                    flush=True,
                )
                server.kill()
                server.wait()
                return 1
            continue
        return code if code >= 0 else 128 - code


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
    except PermissionError:  # macOS: nothing but ended processes is left in the group
        return
