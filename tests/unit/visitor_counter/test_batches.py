"""Work in batches: nothing is lost or done twice, and what hangs holds up nobody."""

import threading
import time
from collections.abc import Sequence

import pytest

from tests.local_run import wait_for
from visitor_counter import batches
from visitor_counter.batches import Batches


def test_everything_is_handled_once_and_in_order_for_each_thread() -> None:
    handled: list[tuple[int, int]] = []
    together = Batches(handled.extend)

    def put(thread: int) -> None:
        for number in range(5000):
            together.put((thread, number))

    threads = [threading.Thread(target=put, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together.flush()
    for thread_number in range(4):
        assert [number for thread, number in handled if thread == thread_number] == list(range(5000))


def test_a_single_item_waits_for_a_moment_only() -> None:
    handled: list[str] = []
    together: Batches[str] = Batches(handled.extend)
    for item in ("first", "second"):
        together.put(item)
        wait_for(lambda expected=item: expected in handled, seconds=1)  # type: ignore[misc]
        time.sleep(0.05)  # the thread has gone to sleep again
    assert handled == ["first", "second"]


def test_what_fails_is_lost_and_the_next_is_not(caplog: pytest.LogCaptureFixture) -> None:
    handled: list[int] = []

    def handle(items: Sequence[int]) -> None:
        if 1 in items:
            raise OSError("No space left on device")
        handled.extend(items)

    together = Batches(handle)
    together.put(1)
    together.flush()
    together.put(2)
    together.flush()
    assert handled == [2]
    assert "No space left on device" in caplog.text


def test_what_hangs_holds_up_nobody_and_takes_no_memory(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_MANY", 10)
    monkeypatch.setattr(batches, "_MOST", 100)
    hanging, go_on = threading.Event(), threading.Event()
    handled: list[int] = []

    def handle(items: Sequence[int]) -> None:
        hanging.set()
        go_on.wait(10)
        handled.extend(items)

    together = Batches(handle)
    together.put(0)
    assert hanging.wait(5)
    begun = time.monotonic()
    for number in range(1, 1000):
        together.put(number)
    assert time.monotonic() - begun < 1
    assert len(together._items) == 100
    go_on.set()
    wait_for(lambda: len(handled) == 101, seconds=5)
    together.flush()
    assert handled == list(range(101))
    assert "899 items were dropped" in caplog.text
