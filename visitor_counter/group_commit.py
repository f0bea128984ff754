"""Group commit: callers that arrive while a write is under way share the next one, and each gets its own number.

The idea is a database's (one fsync for many transactions). There is no thread of its own and no waiting for
company: who comes while nothing is under way goes at once, alone.
"""

import enum
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue


class GroupCommitError(Exception):
    """No number for this caller: its group's write failed or came too late. It may have been applied."""


class _Turn(enum.Enum):
    """What a waiting caller is told when it is not given a number."""

    LEAD = enum.auto()
    FAILED = enum.auto()


# Where a waiting caller gets its one message: a number, or what it has to do.
_Mailbox = SimpleQueue[int | _Turn]


class GroupCommit:
    """Gives out numbers that `add` reserves, many with one call.

    `add(n)` must add n to a number that only grows, and return it; it is called by one caller's thread at a
    time, and never again for the same callers: where it fails, nobody can know whether it was applied. So
    numbers can be left out, and none is given to two.

    The first caller to arrive leads: its thread calls `add`. Those that arrive meanwhile wait, in order. When
    the leader is done it gives the numbers out and hands over to the first that waits, which leads for all
    that wait by then. Each waiting caller blocks its own thread, so no more can wait than there are threads.
    """

    def __init__(self, add: Callable[[int], int], wait_seconds: float) -> None:
        self._add = add
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._busy = False  # a leader is at work, or has been told to lead
        self._waiting: deque[_Mailbox] = deque()

    def next(self) -> int:
        """The caller's own number.

        Raises:
            GroupCommitError: the write that would have held it failed in another caller's thread, or the
                number was not there `wait_seconds` after the call.
            Exception: whatever `add` raises, where the caller's own thread called it.
        """
        with self._lock:
            leads = not self._busy
            if leads:
                self._busy = True
            else:
                mailbox = _Mailbox()
                self._waiting.append(mailbox)
        return self._lead() if leads else self._ride(mailbox)

    def _ride(self, mailbox: _Mailbox) -> int:
        try:
            told = mailbox.get(timeout=self._wait_seconds)
        except Empty:
            self._leave(mailbox)
            raise GroupCommitError(f"no number within {self._wait_seconds:g} s") from None
        if told is _Turn.LEAD:
            return self._lead()
        if isinstance(told, _Turn):
            raise GroupCommitError("the write for this caller failed")
        return told

    def _leave(self, mailbox: _Mailbox) -> None:
        """Stop waiting. What was reserved meanwhile is left out; who was told to lead passes it on."""
        with self._lock:
            if mailbox in self._waiting:
                self._waiting.remove(mailbox)
            elif not mailbox.empty() and mailbox.get() is _Turn.LEAD:
                self._hand_over()

    def _lead(self) -> int:
        with self._lock:
            riders, self._waiting = self._waiting, deque()
        try:
            last = self._add(1 + len(riders))
        except BaseException:
            # Those that came meanwhile fail too: each of them in turn would wait for the same fault again.
            with self._lock:
                riders.extend(self._waiting)
                self._waiting.clear()
                self._busy = False
            for rider in riders:
                rider.put(_Turn.FAILED)
            raise
        with self._lock:
            self._hand_over()
        first = last - len(riders)
        for number, rider in enumerate(riders, first + 1):
            rider.put(number)
        return first

    def _hand_over(self) -> None:
        """With the lock held: let the first that waits lead, or the next that comes."""
        if self._waiting:
            self._waiting.popleft().put(_Turn.LEAD)
        else:
            self._busy = False
