"""Cloud assemblies, each synthesized once for all processes of a run of pytest."""

import atexit
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

_OWN = tempfile.TemporaryDirectory(prefix="assemblies-")
atexit.register(_OWN.cleanup)
RUN = Path(os.environ.get("ASSEMBLIES", _OWN.name))
"""Where they are: of all workers of one run, see tests/conftest.py; a process by itself has its own."""


class NotSynthesizedError(RuntimeError):
    """The app cannot be synthesized with these settings, or has findings."""


def once(of: object, synthesize: Callable[[Path], None]) -> Path:
    """The folder that `synthesize` was called with, by the first that asks for `of`: something whose repr says it
    all. Raises NotSynthesizedError if that failed, each time for the same reason."""
    folder = RUN / hashlib.sha256(repr(of).encode()).hexdigest()[:16]
    with (RUN / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = RUN / f"{folder.name}.outcome"
        if not outcome.exists():
            folder.mkdir()
            try:
                synthesize(folder)
                outcome.write_text("")
            except (RuntimeError, AssertionError) as error:
                outcome.write_text(str(error))
    if failed := outcome.read_text():
        raise NotSynthesizedError(failed)
    return folder
