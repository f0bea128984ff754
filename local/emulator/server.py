"""The server process: checks, installs the extension, serves until told to stop. Started by guardian.py."""

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import IO

from local.emulator import SUPPORTED_MINISTACK, internals
from local.emulator.environment import worker_environment
from local.emulator.options import Options, parse
from local.emulator.state import State

EXIT_UNFIT = 2
"""Exit code: another ministack, or internals that are not as expected."""
EXIT_PORT_TAKEN = 3
"""Exit code: the port is in use, or may not be opened."""

EXIT_DATA_UNUSABLE = 4
"""Exit code: the data folder cannot be written, or another emulator uses it."""

_GRACE_S = 0.5
"""How long open requests may go on after SIGTERM, before the state is saved."""

_log = logging.getLogger("local.emulator")


def _is_fit(problems: list[str]) -> bool:
    """Say on one line what is not as expected, if anything is."""
    if problems:
        _say(
            f"this extension works with ministack {SUPPORTED_MINISTACK} as released: {'; '.join(problems)};"
            f" fix: pip install --force-reinstall ministack=={SUPPORTED_MINISTACK}"
        )
    return not problems


def _take(data: Path) -> IO[str]:
    """Lock the data folder for this process and clear what an earlier one left in its temporary folder.

    Returns the lock, which lasts as long as it is open. Raises BlockingIOError if another process has it,
    OSError if the folder cannot be used.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    shutil.rmtree(data / "tmp", ignore_errors=True)
    for folder in ("tmp", "home"):
        (data / folder).mkdir(exist_ok=True)
    return lock


def _listen(port: int) -> socket.socket:
    """Open the port; raises OSError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


_abandoned = threading.Event()
"""Set when the guardian is gone."""


def _stop_when_abandoned(descriptor: int) -> None:
    """End this process in order when the guardian is gone: the pipe between them then reads as ended."""

    def watch() -> None:
        os.read(descriptor, 1)
        _abandoned.set()
        _log.warning("the guardian process is gone: stopping")
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


async def _serve(application: internals.Application, listener: socket.socket) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = _GRACE_S
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")

    async def stopped() -> None:
        await stop.wait()

    await serve(application, config, shutdown_trigger=stopped)  # type: ignore[arg-type]  # ASGI by another name


def _stacks_are_settled() -> bool:
    stacks = internals.get("services.cloudformation", "_stacks")
    records = getattr(stacks, "_data", stacks)  # every account and region, not the current one alone
    return not any(
        str(stack.get("StackStatus", "")).endswith("IN_PROGRESS") for stack in list(records.values())
    )


def run(options: Options, lifeline: int | None, pid: int) -> int:
    """Serve until SIGTERM, SIGINT or the end of the guardian; return the exit code.

    Args:
        options: the command line.
        lifeline: descriptor of a pipe that the guardian holds the other end of.
        pid: the guardian's process id, shown at /_local/health.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if lifeline is not None:
        _stop_when_abandoned(lifeline)
    try:
        listener = _listen(options.port)
    except OSError as error:
        _say(
            f"cannot listen on 127.0.0.1:{options.port} ({error.strerror}): stop what uses it, or give --port"
        )
        return EXIT_PORT_TAKEN
    # Before the state is touched, and before a wrong ministack is imported.
    if not _is_fit(internals.version_problems()):
        return EXIT_UNFIT
    try:
        lock = _take(options.data)
        # Before ministack is imported: its modules read the state's folders as they are loaded.
        state = State(options.data)
        saved = state.open(options.port)
    except BlockingIOError:
        _say(f"another emulator uses {options.data}: stop it, or give another --data")
        return EXIT_DATA_UNUSABLE
    except OSError as error:
        _say(f"cannot use {options.data} ({error.strerror}: {error.filename}): give another --data")
        return EXIT_DATA_UNUSABLE
    if not _is_fit(internals.problems()):
        state.close(options.port, saved or [], whole=saved is not None)
        return EXIT_UNFIT

    # Only now, when ministack is known to be the right one, the modules that hook into it.
    from local.emulator import extension
    from local.emulator.cloudformation import recorded
    from local.emulator.gateway import Gateway
    from local.emulator.status import Status

    os.environ.update(worker_environment(options.data))
    recorded.load(saved or [])
    support = extension.install(options)
    saved_once = False

    def save() -> None:
        """Between the last request and the end of the process."""
        nonlocal saved_once
        internals.get("core.persistence", "save_all")(internals.get("app", "_build_persistence_save_dict")())
        saved_once = True

    gateway = Gateway(internals.get("app", "app"), Status(options, support, pid), at_shutdown=save)
    if options.images == "skip":
        _log.info("images: skip - every image asset counts as published; nothing is built")
    try:
        asyncio.new_event_loop().run_until_complete(_serve(gateway, listener))
    finally:
        # The workers are left to the guardian, which ends the whole group at once.
        state.close(options.port, recorded.dump(), whole=saved_once and _stacks_are_settled())
    lock.close()
    return 0


def _say(message: str) -> None:
    print(f"emulator: {message}", file=sys.stderr, flush=True)


def main() -> None:
    """Run with the options in argv and what the guardian put into the environment; never returns."""
    lifeline = os.environ.pop("EMULATOR_LIFELINE", None)
    pid = int(os.environ.pop("EMULATOR_PID", os.getpid()))
    options = parse(sys.argv[1:])
    code = run(options, int(lifeline) if lifeline else None, pid)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    if _abandoned.is_set():
        # Nobody else ends the workers now: this process goes with its whole group.
        os.killpg(os.getpgrp(), signal.SIGKILL)
    # Not sys.exit: that waits for threads, and one that waits for a custom resource does so for an hour.
    os._exit(code)


if __name__ == "__main__":
    main()
