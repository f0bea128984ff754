"""Group commit with real threads: each caller its own number, whatever happens to the one that leads."""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.local_run import wait_for
from visitor_counter.group_commit import GroupCommit, GroupCommitError, _Mailbox


class Store:
    """What INCRBY does, with a gate before it: closed, a call waits there; `fail` is raised behind it."""

    def __init__(self) -> None:
        self.value = 0
        self.added: list[int] = []
        self.fail: BaseException | None = None
        self.gate = threading.Event()
        self.gate.set()
        self._inside = threading.Lock()

    def add(self, number: int) -> int:
        assert self._inside.acquire(blocking=False), "two leaders at once"
        try:
            self.added.append(number)
            self.gate.wait(10)
            if self.fail is not None:
                raise self.fail
            self.value += number
            return self.value
        finally:
            self._inside.release()


@pytest.fixture
def store() -> Store:
    """A store whose gate is open."""
    return Store()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Callers of their own."""
    with ThreadPoolExecutor(max_workers=64) as pool:
        yield pool


def waiting(group: GroupCommit) -> int:
    return len(group._waiting)


def arrive(threads: ThreadPoolExecutor, group: GroupCommit, callers: int) -> list["Future[int]"]:
    """`callers` that come one after the other while one leads: returns when the last of them waits."""
    futures = []
    for number in range(1, callers + 1):
        futures.append(threads.submit(group.next))
        wait_for(lambda expected=number: waiting(group) == expected, seconds=5)  # type: ignore[misc]
    return futures


def lead(threads: ThreadPoolExecutor, group: GroupCommit, store: Store) -> "Future[int]":
    """A caller that leads, and is held at the gate."""
    store.gate.clear()
    calls = len(store.added)
    leader = threads.submit(group.next)
    wait_for(lambda: len(store.added) == calls + 1, seconds=5)
    return leader


def test_one_after_the_other_each_goes_alone(store: Store) -> None:
    group = GroupCommit(store.add, wait_seconds=5)
    assert [group.next() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert store.added == [1] * 5


def test_who_comes_meanwhile_shares_the_next_and_is_served_in_order(
    store: Store, threads: ThreadPoolExecutor
) -> None:
    group = GroupCommit(store.add, wait_seconds=5)
    leader = lead(threads, group, store)
    riders = arrive(threads, group, 20)
    store.gate.set()
    assert leader.result(5) == 1
    assert [rider.result(5) for rider in riders] == list(range(2, 22))
    assert store.added == [1, 20]


def test_a_leader_answers_its_own_caller_after_one_write(store: Store, threads: ThreadPoolExecutor) -> None:
    """It must not go on working for those that come later, for as long as they come."""
    group = GroupCommit(store.add, wait_seconds=5)
    leader = lead(threads, group, store)
    (rider,) = arrive(threads, group, 1)
    wrote = store.add

    def hold_the_second(number: int) -> int:
        leader.result(5)  # if the first were still to answer, this would be a deadlock
        return wrote(number)

    group._add = hold_the_second
    store.gate.set()
    assert (leader.result(5), rider.result(5)) == (1, 2)


def test_many_threads_get_every_number_once(store: Store) -> None:
    group = GroupCommit(store.add, wait_seconds=30)
    seen: list[list[int]] = [[] for _ in range(16)]

    def visit(mine: list[int]) -> None:
        for _ in range(2000):
            mine.append(group.next())

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # as many switches as there can be
    try:
        visitors = [threading.Thread(target=visit, args=(mine,)) for mine in seen]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    finally:
        sys.setswitchinterval(interval)
    assert sorted(number for mine in seen for number in mine) == list(range(1, 32_001))
    assert all(mine == sorted(mine) for mine in seen), "a caller's numbers must grow"
    assert sum(store.added) == 32_000
    assert waiting(group) == 0


def test_failures_leave_gaps_and_no_number_twice(threads: ThreadPoolExecutor) -> None:
    """Every seventh write is lost: before it is applied, and after."""
    value, calls, applied = 0, 0, 0

    def add(number: int) -> int:
        nonlocal value, calls, applied
        calls += 1
        if calls % 14 == 0:
            raise ConnectionError("lost on the way")
        value += number
        time.sleep(0.0001)
        if calls % 7 == 0:
            applied += number
            raise ConnectionError("applied, but its answer is lost")
        return value

    group = GroupCommit(add, wait_seconds=30)

    def visit() -> int:
        try:
            return group.next()
        except (ConnectionError, GroupCommitError):
            return 0

    answers = [visit.result() for visit in [threads.submit(visit) for _ in range(5000)]]
    shown = [number for number in answers if number]
    assert len(set(shown)) == len(shown) < 5000
    assert max(shown) <= value
    assert len(shown) + applied == value, "a gap only where a write was applied and its answer lost"


@pytest.mark.parametrize("error", [ConnectionError("gone"), ValueError("a bug"), SystemExit(1)])
def test_a_leader_that_fails_fails_all_that_wait_at_once(
    store: Store, threads: ThreadPoolExecutor, error: BaseException
) -> None:
    group = GroupCommit(store.add, wait_seconds=60)
    leader = lead(threads, group, store)
    riders = arrive(threads, group, 10)
    store.fail = error
    store.gate.set()
    assert leader.exception(5) is error
    assert {type(rider.exception(5)) for rider in riders} == {GroupCommitError}
    store.fail = None
    assert group.next() == 1, "the next caller starts anew"
    assert store.added == [1, 1], "a failed write must not be repeated"


def test_a_caller_waits_no_longer_than_its_limit(store: Store, threads: ThreadPoolExecutor) -> None:
    group = GroupCommit(store.add, wait_seconds=0.2)
    leader = lead(threads, group, store)
    begun = time.monotonic()
    with pytest.raises(GroupCommitError, match=r"within 0\.2 s"):
        group.next()
    assert 0.2 <= time.monotonic() - begun < 2
    assert waiting(group) == 0, "who left must not be kept, and not be counted"
    store.gate.set()
    assert leader.result(5) == 1
    assert group.next() == 2


def test_who_leaves_its_group_while_it_is_written_leaves_a_gap(
    store: Store, threads: ThreadPoolExecutor
) -> None:
    group = GroupCommit(store.add, wait_seconds=0.5)
    leader = lead(threads, group, store)
    first, second = arrive(threads, group, 2)
    add = store.add

    def slow(number: int) -> int:
        time.sleep(1)
        return add(number)

    group._add = slow
    store.gate.set()
    assert leader.result(5) == 1
    assert first.result(5) == 2  # it leads, and its own write's time is not the group's to limit
    assert isinstance(second.exception(5), GroupCommitError)
    assert group.next() == 4


def test_who_leaves_when_told_to_lead_passes_it_on(store: Store, threads: ThreadPoolExecutor) -> None:
    """Its time is over in the moment in which it is told: it must not take the lead with it."""
    group = GroupCommit(store.add, wait_seconds=30)
    leader = lead(threads, group, store)
    late = _Mailbox()
    with group._lock:
        group._waiting.append(late)
    other = threads.submit(group.next)
    wait_for(lambda: waiting(group) == 2, seconds=5)
    store.gate.set()
    assert leader.result(5) == 1
    wait_for(lambda: not late.empty(), seconds=5)
    group._leave(late)
    assert other.result(5) == 2
    assert group.next() == 3


def test_the_last_that_leaves_when_told_to_lead_frees_the_lead(
    store: Store, threads: ThreadPoolExecutor
) -> None:
    group = GroupCommit(store.add, wait_seconds=30)
    leader = lead(threads, group, store)
    late = _Mailbox()
    with group._lock:
        group._waiting.append(late)
    store.gate.set()
    assert leader.result(5) == 1
    wait_for(lambda: not late.empty(), seconds=5)
    group._leave(late)
    assert group.next() == 2
