"""Ctrl-C and SIGTERM: held back while a half-done step would leave something behind, ignored while cleaning up."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_on_every_signal() -> None:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does: with `KeyboardInterrupt`, and so with a clean-up."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, interrupt)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Delay a signal to the end of the block: between a process' start and its record, say."""
    arrived = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal arrived
        arrived = True

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if arrived:
        raise KeyboardInterrupt


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Let no signal cut the block short; for clean-ups, which are bounded in time themselves."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
