"""A Redis primary with one replica on this machine, and a failover from one to the other."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from local.redis_server import HOST, RedisServer
from tests.faults.wire import Wire
from tests.local_run import wait_for

# A replica is there at once, and not after the five seconds in which others could join it.
_DIRECTIVES = {"repl-diskless-sync-delay": "0"}


class Replicated:
    """The primary endpoint is `port`: it leads to the primary, and after `fail_over` to the replica."""

    def __init__(self, folder: Path, free_port: Callable[[], int]) -> None:
        self._folder, self._free_port = folder, free_port
        self._servers = 0
        self.primary, self.replica = self._start(), self._start()
        self._link = self._follow()
        self._endpoint = Wire(self.primary.port)
        self._endpoint.__enter__()
        self.port = self._endpoint.port

    def fail_over(self, behind: float) -> None:
        """The replica is cut off for `behind` seconds; then the primary is killed and never seen again, its
        replica takes its place, and a new one follows that."""
        self._link.silent = True
        time.sleep(behind)
        self.primary.kill()
        with self.replica.client() as client:
            client.replicaof("NO", "ONE")
        self._link.__exit__(None, None, None)
        self._endpoint.target_port = self.replica.port
        self.primary, self.replica = self.replica, self._start()
        self._link = self._follow()

    def stop_replica(self) -> None:
        """The replica hangs; the primary goes on."""
        self.replica.pause()

    def end(self) -> None:
        """Stop everything."""
        self._endpoint.__exit__(None, None, None)
        self._link.__exit__(None, None, None)
        for server in (self.primary, self.replica):
            server.kill()

    def _start(self) -> RedisServer:
        self._servers += 1
        server = RedisServer(
            self._folder / f"redis-{self._servers}", self._free_port(), directives=_DIRECTIVES
        )
        server.start()
        return server

    def _follow(self) -> Wire:
        link = Wire(self.primary.port)
        link.__enter__()
        with self.replica.client() as client:
            client.replicaof(HOST, link.port)
            wait_for(lambda: _is_in_sync(client), seconds=10)
        return link


def _is_in_sync(client: redis.Redis) -> bool:
    return bool(client.info("replication").get("master_link_status") == "up")


@contextmanager
def replicated(folder: Path, free_port: Callable[[], int]) -> Iterator[Replicated]:
    """Both servers, while the block runs."""
    running = Replicated(folder, free_port)
    try:
        yield running
    finally:
        running.end()
