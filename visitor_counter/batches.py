"""Work that can wait a moment, taken off the requests' threads and done for many of them at once."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.02
_MANY = 1000  # beyond, whoever puts one more lends a hand: the thread alone does not keep up
_MOST = 10_000  # beyond, `handle` hangs, and what comes is dropped


class Batches(Generic[T]):
    """Hands what many threads `put` to `handle`, in order, from one thread of its own, about 50 times a second.

    Waiting for company is what it gains: a line that is written by itself costs as much as fifty. What waits is
    lost when the process is killed; `close` is for its end in order.
    """

    def __init__(self, handle: Callable[[Sequence[T]], None]) -> None:
        """`handle` is called by one thread at a time; where it fails, its items are lost, and others come."""
        self._handle = handle
        self._items: deque[T] = deque()
        self._came = threading.Event()
        self._handling = threading.Lock()
        self._dropped = 0
        threading.Thread(target=self._run, name="batches", daemon=True).start()

    def put(self, item: T) -> None:
        """Add `item`. Waits for nothing, but for `handle` itself when there is much to do."""
        if len(self._items) >= _MANY:
            if len(self._items) >= _MOST:
                self._dropped += 1
                return
            self.flush(wait=False)
        self._items.append(item)
        if not self._came.is_set():
            self._came.set()

    def flush(self, *, wait: bool = True) -> None:
        """Handle what is there; without `wait` only if nobody is at it."""
        if not self._handling.acquire(blocking=wait):
            return
        try:
            batch = [self._items.popleft() for _ in range(len(self._items))]
            if batch:
                self._handle(batch)
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                log.warning("%d items were dropped, as nobody took them", dropped)
        except Exception:
            log.exception("a batch was lost")
        finally:
            self._handling.release()

    def _run(self) -> None:
        while True:
            self._came.wait()
            time.sleep(_PAUSE_SECONDS)
            self._came.clear()
            self.flush()
