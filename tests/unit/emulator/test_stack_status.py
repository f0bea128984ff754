"""An answer about a stack at work is held back until the stack has settled, and no longer than it may."""

import asyncio
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.emulator.cloudformation.stack_status import settled
from local.emulator.internals import Response


def _answer(*statuses: str) -> Response:
    return 200, {}, "".join(f"<StackStatus>{status}</StackStatus>" for status in statuses).encode()


def _ask(answers: Iterable[Response], patience: float) -> Response:
    remaining = iter(answers)

    async def ask() -> Response:
        return next(remaining)

    # in a thread: Playwright keeps an event loop in the one that tests run in
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, settled(ask, patience=patience, interval=0.01)).result()


def test_the_answer_comes_once_the_stack_has_settled() -> None:
    working = _answer("UPDATE_IN_PROGRESS")
    done = _answer("UPDATE_COMPLETE")
    assert _ask([working, working, done], patience=5) == done


@pytest.mark.parametrize("statuses", [("CREATE_COMPLETE",), (), ("CREATE_COMPLETE", "DELETE_IN_PROGRESS")])
def test_other_answers_come_at_once(statuses: tuple[str, ...]) -> None:
    """A settled stack, an error, a list of several stacks: asked for once."""
    only = _answer(*statuses)
    assert _ask([only], patience=5) == only


def test_a_stack_that_takes_long_is_told_as_it_is() -> None:
    working = _answer("CREATE_IN_PROGRESS")
    begun = time.monotonic()
    assert _ask([working] * 1000, patience=0.2) == working
    assert 0.2 <= time.monotonic() - begun < 2
