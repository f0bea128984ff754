"""No number is shown twice: many clients at once, several server processes, a real Redis, and faults meanwhile.

How many visits, and how often something is killed: COUNTER_VISITS and COUNTER_KILLS; CI takes ten times as many.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil

from local.redis_server import RedisServer
from tests.counter_process import PATIENT, CounterProcess, counter_process
from tests.faults.visits import Told, visiting
from tests.faults.wire import Wire
from tests.local_run import wait_for
from visitor_counter.counter import VISITS_KEY

VISITS = int(os.environ.get("COUNTER_VISITS", "20000"))
KILLS = int(os.environ.get("COUNTER_KILLS", "4"))


def counted(redis_server: RedisServer) -> int:
    with redis_server.client() as client:
        return int(client.get(VISITS_KEY) or 0)


def calls(redis_server: RedisServer) -> int:
    """The INCRBY commands that Redis has executed."""
    with redis_server.client() as client:
        return int(client.info("commandstats")["cmdstat_incrby"]["calls"])


def assert_exact(told: Told, redis_server: RedisServer) -> None:
    assert told.twice == []
    assert told.grew
    assert told.answered == len(told.numbers) > 0
    assert counted(redis_server) >= max(told.numbers)


def workers(counter: CounterProcess) -> list[psutil.Process]:
    return psutil.Process(counter.process.pid).children()


def test_every_visit_has_its_own_number(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path / "counter", free_port(), own_redis.port, **PATIENT) as counter:
        with visiting(counter.port, tmp_path, visits=VISITS) as clients:
            told = clients.told()
        assert_exact(told, own_redis)
        assert (told.answered, told.refused, told.unanswered) == (VISITS, 0, 0)
        assert sorted(told.numbers) == list(range(1, VISITS + 1))
        assert counted(own_redis) == VISITS
        assert counter.terminate() == 0  # its last lines are written by then
        answered = Counter(
            line["pid"]
            for line in map(json.loads, counter.stdout.read_text().splitlines())
            if line["status"] == 200
        )
        assert sum(answered.values()) == VISITS
        assert len(answered) == 2, "both server processes must have taken part"
        assert calls(own_redis) < VISITS / 2, "visits that wait must share a command"


def test_answers_that_are_lost_on_the_wire(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """The ambiguous case: it was counted, and nobody was told."""
    with (
        Wire(own_redis.port) as wire,
        counter_process(tmp_path / "counter", free_port(), wire.port, **PATIENT) as counter,
    ):
        wire.drop_every = 50
        with visiting(counter.port, tmp_path, visits=VISITS) as clients:
            told = clients.told()
        assert_exact(told, own_redis)
        assert wire.dropped > 5
        assert told.unanswered == 0
        assert told.refused >= wire.dropped
        assert wire.increments == calls(own_redis), "nothing is sent but what Redis has executed, once"
        assert counted(own_redis) > told.answered, "what was lost must be a gap"


def test_redis_is_killed_again_and_again(free_port: Callable[[], int], tmp_path: Path) -> None:
    """With `appendfsync always`: what was shown is in the file before it is shown."""
    server = RedisServer(tmp_path / "redis", free_port(), directives={"appendfsync": "always"})
    server.start()
    try:
        with counter_process(tmp_path / "counter", free_port(), server.port) as counter:
            with visiting(counter.port, tmp_path) as clients:
                for _ in range(KILLS):
                    time.sleep(0.3)
                    server.kill()
                    server.start()
                time.sleep(0.3)
                told = clients.stop()
            assert_exact(told, server)
            assert told.unanswered == 0, "a 503, and never a connection that breaks"
            assert told.refused > 0
            assert counter.ask("/api/visits", "POST").status == 200
    finally:
        server.stop()


def test_workers_are_killed_again_and_again(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path / "counter", free_port(), own_redis.port, **PATIENT) as counter:
        with visiting(counter.port, tmp_path) as clients:
            for _ in range(KILLS):
                time.sleep(0.3)
                wait_for(lambda: len(workers(counter)) == 2, seconds=10)
                # The elder: the server gives up on one that dies again right after it was replaced.
                min(workers(counter), key=lambda worker: worker.create_time()).kill()
            time.sleep(0.3)
            told = clients.stop()
        assert_exact(told, own_redis)
        assert told.unanswered > 0, "who was asking the worker that died is not answered"
        assert told.refused == 0
        wait_for(lambda: len(workers(counter)) == 2, seconds=10)
        assert counter.terminate() == 0
