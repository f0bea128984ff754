"""One command at a time changes the local run of a checkout."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from local.errors import LocalRunError


@contextlib.contextmanager
def exclusive(path: Path, command: str) -> Iterator[None]:
    """Hold the lock file `path` during the block, as `command`; the system frees it if the process dies.

    Raises `LocalRunError` at once when another command holds it, and says which.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another command"
            raise LocalRunError(
                f"{holder} is at work in this checkout; wait for it, or end it first"
            ) from None
        lock.truncate(0)
        lock.write(f"{command} (pid {os.getpid()})")
        lock.flush()
        yield
