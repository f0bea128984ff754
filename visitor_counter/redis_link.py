"""The way to Redis: one exchange at a time that may fail, and what to do while Redis is away."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from visitor_counter.config import Config

T = TypeVar("T")

log = logging.getLogger(__name__)

_PROBED = "another request is already waiting for it"


class RedisAwayError(Exception):
    """Redis did not answer in time, or answered with an error. What was asked may have been done or not."""


class RedisLink:
    """Exchanges with Redis, for many threads at once; none is ever repeated.

    While Redis is away only one thread at a time waits for it, and the others fail at once: a Redis that hangs
    cannot tie up every thread, and with them the liveness check. There is no pause between attempts, so the first
    request after Redis is back succeeds.
    """

    def __init__(self, client: redis.Redis) -> None:
        """`client` must not send a command again by itself."""
        self.client = client
        self._away = False
        self._probe = threading.Lock()

    def check(self) -> None:
        """Raises RedisAwayError if Redis is away and a thread is already waiting for it."""
        if self._away and self._probe.locked():
            raise RedisAwayError(_PROBED)

    def ask(self, exchange: Callable[[], T]) -> T:
        """What `exchange` returns, which may raise redis.RedisError. Raises RedisAwayError."""
        probing = self._away
        if probing and not self._probe.acquire(blocking=False):
            raise RedisAwayError(_PROBED)
        try:
            answer = exchange()
        except redis.RedisError as error:
            # Whatever failed on one connection (a dead peer, a primary that is now a replica: READONLY) is
            # most likely wrong with the idle ones too. The next request connects anew, through DNS.
            self.client.connection_pool.disconnect(inuse_connections=False)
            if not self._away:
                self._away = True
                # One line, once: a traceback through redis-py tells no more, and every request would.
                log.error(  # noqa: TRY400 - see above
                    "Redis is away: %s: %s", type(error).__name__, error
                )
            raise RedisAwayError(type(error).__name__) from error
        else:
            if self._away:
                self._away = False
                log.warning("Redis is back")
            return answer
        finally:
            if probing:
                self._probe.release()


def connect(config: Config) -> RedisLink:
    """A link to the Redis that `config` names. Opens no connection yet."""
    return RedisLink(
        redis.Redis(
            host=config.redis_host,
            port=config.redis_port,
            username=config.redis_username,
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
    )
