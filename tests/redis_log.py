"""When Redis' append-only file holds what was written: what a kill of the process then cannot take away."""

from local.redis_server import RedisServer
from tests.local_run import wait_for


def wait_until_written(server: RedisServer) -> None:
    """Wait until Redis has handed every command to the operating system.

    It does so before it answers, but for a second or two while the disk is busy with an earlier fsync
    (redis.conf, "appendfsync everysec").
    """
    with server.client() as client:
        wait_for(lambda: client.info("persistence")["aof_buffer_length"] == 0, seconds=10)
