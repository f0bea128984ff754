"""The count itself: one number in Redis, and what to do when Redis is away."""

import logging
import secrets
import threading
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from visitor_counter.config import Config
from visitor_counter.group_commit import GroupCommit, GroupCommitError

T = TypeVar("T")

log = logging.getLogger(__name__)

VISITS_KEY = "visits"
READINESS_KEY = "readiness"
_READINESS_SECONDS = 60  # how long a probe's key stays in Redis
_PROBED = "Redis is away, and another request is already waiting for it"


class CounterUnavailableError(Exception):
    """Redis did not answer in time, or answered with an error. The visit may have been counted or not."""


class Counter:
    """Counts visits in Redis, for many threads at once.

    Guarantee: a number that `count` returns was returned to no one else. Redis' INCRBY is atomic; one is sent
    for all visits that wait while another is under way, and each is sent at most once: where the answer is
    lost, nobody can know whether it was applied, so the calls fail and may leave a gap in the numbers, never
    a duplicate.
    """

    def __init__(self, client: redis.Redis, *, wait_seconds: float, key: str = VISITS_KEY) -> None:
        """`wait_seconds`: how long a visit may wait for an INCRBY of which it is a part."""
        self._client = client
        self._key = key
        self._down = False
        self._probe = threading.Lock()
        self._visits = GroupCommit(self._add, wait_seconds)

    def count(self) -> int:
        """Count one visit and return its number, from 1. Raises CounterUnavailableError."""
        if self._down and self._probe.locked():
            raise CounterUnavailableError(_PROBED)
        try:
            return self._visits.next()
        except GroupCommitError as error:
            raise CounterUnavailableError(str(error)) from error

    def _add(self, visits: int) -> int:
        return self._ask(lambda: int(self._client.incrby(self._key, visits)))

    def read(self) -> int:
        """The visits so far, 0 before the first, without counting. Raises CounterUnavailableError."""
        return self._ask(lambda: int(self._client.get(self._key) or 0))

    def check(self) -> None:
        """Write to Redis and read it back. Raises CounterUnavailableError.

        PING would pass on a demoted primary, which no longer accepts a write.
        """
        token = secrets.token_hex(8)

        def write_and_read() -> bool:
            # One transaction: otherwise another process' probe could come between the two.
            with self._client.pipeline(transaction=True) as transaction:
                transaction.set(READINESS_KEY, token, ex=_READINESS_SECONDS)
                transaction.get(READINESS_KEY)
                _, found = transaction.execute()
            return bool(found == token)

        if not self._ask(write_and_read):
            raise CounterUnavailableError("Redis did not return what was written to it")

    def _ask(self, command: Callable[[], T]) -> T:
        """Run one exchange with Redis; while Redis is away, let only one thread at a time wait for it.

        The others fail at once, so that a Redis that hangs cannot tie up every thread and with them the
        liveness check. There is no pause between attempts: the first request after Redis is back succeeds.
        """
        probing = self._down
        if probing and not self._probe.acquire(blocking=False):
            raise CounterUnavailableError(_PROBED)
        try:
            answer = command()
        except redis.RedisError as error:
            # Whatever failed on one connection (a dead peer, a primary that is now a replica: READONLY) is
            # most likely wrong with the idle ones too. The next request connects anew, through DNS.
            self._client.connection_pool.disconnect(inuse_connections=False)
            if not self._down:
                self._down = True
                # One line, once: a traceback through redis-py tells no more, and every request would.
                log.error(  # noqa: TRY400 - see above
                    "Redis is away: %s: %s", type(error).__name__, error
                )
            raise CounterUnavailableError(type(error).__name__) from error
        else:
            if self._down:
                self._down = False
                log.warning("Redis is back")
            return answer
        finally:
            if probing:
                self._probe.release()


def connect(config: Config) -> Counter:
    """A Counter for the Redis that `config` names. Opens no connection yet."""
    client = redis.Redis(
        host=config.redis_host,
        port=config.redis_port,
        password=config.redis_password,
        ssl=config.redis_tls,
        # Without a file: the system's bundle. ElastiCache's certificates are signed by Amazon's public CA.
        ssl_ca_certs=config.redis_ca_file,
        ssl_cert_reqs="required",
        ssl_check_hostname=True,
        socket_connect_timeout=config.redis_connect_timeout_ms / 1000,
        socket_timeout=config.redis_timeout_ms / 1000,
        # redis-py's default sends a command again, up to ten times, when its answer is lost: every one of
        # them would count.
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
        # RESP 2 needs no HELLO, and without driver information there is no CLIENT SETINFO: a new connection
        # costs one round trip less for each, and each could use up its own time limit.
        protocol=2,
        driver_info=None,
    )
    # As long as one exchange may take: a visit that waits is told as soon as one that asks by itself.
    return Counter(client, wait_seconds=(config.redis_connect_timeout_ms + config.redis_timeout_ms) / 1000)
