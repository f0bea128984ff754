"""The counts: one number for the service, and one for each name, all in Redis."""

import re
import secrets
import threading
from collections.abc import Callable
from typing import TypeVar

import redis

from visitor_counter.config import Config
from visitor_counter.group_commit import GroupCommit, GroupCommitError
from visitor_counter.redis_link import RedisAwayError, RedisLink

T = TypeVar("T")

VISITS_KEY = "visits"
NAMED_KEY = "visits:named"  # a hash: name -> visits
READINESS_KEY = "readiness"
_READINESS_SECONDS = 60  # how long a probe's key stays in Redis

# As it stands in an address: nothing in it needs an escape, and nothing in it is markup.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")

# One script, so that no two processes can both make the last one that there is room for.
_MAKE_ROOM = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
return redis.call('HSET', KEYS[1], ARGV[1], 0)
"""


class CounterUnavailableError(Exception):
    """Redis did not answer in time, or answered with an error. The visit may have been counted or not."""


class NoRoomError(Exception):
    """There is no counter of this name, and there are as many as there may be."""


class _NotReplicatedError(redis.RedisError):
    """Redis has counted, and too few of its replicas know of it in time."""


class Counter:
    """One count, for many threads at once.

    Guarantee: a number that `count` returns was returned to no one else. Redis' INCRBY is atomic; one is sent
    for all visits that wait while another is under way, and each is sent at most once: where the answer is
    lost, nobody can know whether it was applied, so the calls fail and may leave a gap in the numbers, never
    a duplicate.
    """

    def __init__(self, link: RedisLink, add: Callable[[int], int], wait_seconds: float) -> None:
        """`wait_seconds`: how long a visit may wait for an INCRBY of which it is a part."""
        self._link = link
        self._visits = GroupCommit(lambda visits: link.ask(lambda: add(visits)), wait_seconds)

    def count(self) -> int:
        """Count one visit and return its number, from 1. Raises CounterUnavailableError."""
        try:
            self._link.check()
            return self._visits.next()
        except (RedisAwayError, GroupCommitError) as error:
            raise CounterUnavailableError(str(error)) from error


class Counters:
    """Every count of this service: `None` is its own, and there are up to `most` with a name.

    With `replicas`, a number is returned once so many replicas of Redis have it, too: then it survives a
    failover to one of them (Redis documentation, "WAIT").
    """

    def __init__(
        self, link: RedisLink, *, wait_seconds: float, most: int, replicas: int = 0, replicas_ms: int = 0
    ) -> None:
        """`replicas_ms`: how long Redis waits for its replicas, in milliseconds."""
        self._link = link
        self._wait_seconds = wait_seconds
        self._most = most
        self._replicas, self._replicas_ms = replicas, replicas_ms
        self._own = Counter(link, self._adder("INCRBY", VISITS_KEY), wait_seconds)
        self._named: dict[str, Counter] = {}
        self._lock = threading.Lock()

    def count(self, name: str | None = None) -> int:
        """Count one visit and return its number, from 1. `name` must be one of `NAME`.

        Raises:
            NoRoomError: there is no counter of that name yet, and no more may be made.
            CounterUnavailableError: see there.
        """
        return (self._own if name is None else self._counter(name)).count()

    def read(self, name: str | None = None) -> int:
        """The visits so far, 0 before the first, without counting. Raises CounterUnavailableError."""
        client = self._link.client
        found = self._ask(lambda: client.get(VISITS_KEY) if name is None else client.hget(NAMED_KEY, name))
        try:
            return int(found or 0)
        except ValueError:
            raise CounterUnavailableError("what Redis holds is no number") from None

    def check(self) -> None:
        """Write to Redis and read it back. Raises CounterUnavailableError.

        PING would pass on a demoted primary, which no longer accepts a write.
        """
        token = secrets.token_hex(8)

        def write_and_read() -> bool:
            # One transaction: otherwise another process' probe could come between the two.
            with self._link.client.pipeline(transaction=True) as transaction:
                transaction.set(READINESS_KEY, token, ex=_READINESS_SECONDS)
                transaction.get(READINESS_KEY)
                _, found = transaction.execute()
            return bool(found == token)

        if not self._ask(write_and_read):
            raise CounterUnavailableError("Redis did not return what was written to it")

    def _counter(self, name: str) -> Counter:
        # Those that Redis had room for stay, so this holds no more than Redis does.
        found = self._named.get(name)
        if found is None:
            client = self._link.client
            if not self._ask(lambda: client.eval(_MAKE_ROOM, 1, NAMED_KEY, name, str(self._most))):
                raise NoRoomError(name)
            made = Counter(self._link, self._adder("HINCRBY", NAMED_KEY, name), self._wait_seconds)
            with self._lock:
                found = self._named.setdefault(name, made)
        return found

    def _adder(self, *command: str) -> Callable[[int], int]:
        client = self._link.client

        def add(visits: int) -> int:
            return int(client.execute_command(*command, visits))  # type: ignore[no-untyped-call]

        def add_and_wait(visits: int) -> int:
            # Both in one packet: the replicas' time is all that it costs more.
            with client.pipeline(transaction=False) as both:
                both.execute_command(*command, visits)  # type: ignore[no-untyped-call]
                both.wait(self._replicas, self._replicas_ms)
                last, have_it = both.execute()
            if have_it < self._replicas:
                raise _NotReplicatedError(f"{have_it} of {self._replicas} replicas have it")
            return int(last)

        return add_and_wait if self._replicas else add

    def _ask(self, exchange: Callable[[], T]) -> T:
        try:
            return self._link.ask(exchange)
        except RedisAwayError as error:
            raise CounterUnavailableError(str(error)) from error


def counters(config: Config, link: RedisLink) -> Counters:
    """The counts in the Redis of `link`, as `config` wants them kept."""
    return Counters(
        link,
        # As long as one exchange may take: a visit that waits is told as soon as one that asks by itself.
        wait_seconds=(config.redis_connect_timeout_ms + config.redis_timeout_ms) / 1000,
        most=config.max_counters,
        replicas=config.redis_wait_replicas,
        # Redis' answer must still be in time when the replicas' was not.
        replicas_ms=max(1, config.redis_timeout_ms * 2 // 3),
    )
