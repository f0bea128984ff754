"""SIGTERM and SIGHUP as Ctrl-C: an exception, so that what was begun is cleared away."""

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

_OTHERS: Final = (signal.SIGTERM, signal.SIGHUP)
_ALL: Final = (signal.SIGINT, *_OTHERS)


class TerminatedError(KeyboardInterrupt):
    """This process alone was told to end: unlike Ctrl-C, its children do not know of it."""


@contextlib.contextmanager
def raised() -> Iterator[None]:
    """Raise `TerminatedError` on SIGTERM and SIGHUP while the block runs; where they are ignored, they stay so."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TerminatedError

    before = {number: signal.getsignal(number) for number in _OTHERS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder that goes with the block, however that ends; signals wait while it is made and removed."""
    outside = signal.pthread_sigmask(signal.SIG_BLOCK, _ALL)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, outside)
        yield folder
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ALL)
        shutil.rmtree(folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_SETMASK, outside)
