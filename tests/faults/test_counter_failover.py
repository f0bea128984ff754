"""A primary is lost and its replica takes over: what REDIS_WAIT_REPLICAS keeps, and what is lost without it."""

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.redis_server import HOST, RedisServer
from tests import parts
from tests.counter_process import PATIENT, Answer, CounterProcess, counter_process
from tests.faults.counting import LIMIT_SECONDS, count, visits
from tests.faults.replicated import Replicated, replicated
from tests.faults.visits import Told, visiting
from tests.faults.wire import Wire
from visitor_counter.counter import VISITS_KEY

FAILOVERS = int(os.environ.get("COUNTER_FAILOVERS", "2"))
BEHIND_SECONDS = 0.05  # for so long the replica gets nothing before the primary is lost


def visited_through_failovers(counter: CounterProcess, servers: Replicated, folder: Path) -> Told:
    """What clients are told while the primary is lost, again and again."""
    with visiting(counter.port, folder) as clients:
        for _ in range(FAILOVERS):
            time.sleep(0.7)
            servers.fail_over(BEHIND_SECONDS)
        time.sleep(0.7)
        return clients.stop()


def first_counted(counter: CounterProcess) -> Answer:
    """The first visit that is counted, within five seconds."""
    limit = time.monotonic() + 5
    while (answer := counter.ask("/api/visits", "POST")).status != 200:
        assert time.monotonic() < limit
    return answer


def test_with_waiting_no_number_is_shown_twice_through_failovers(
    free_port: Callable[[], int], tmp_path: Path
) -> None:
    settings = {**PATIENT, "REDIS_WAIT_REPLICAS": 1}
    with (
        replicated(tmp_path, free_port) as servers,
        counter_process(tmp_path / "counter", free_port(), servers.port, **settings) as counter,
    ):
        told = visited_through_failovers(counter, servers, tmp_path)
        assert told.twice == []
        assert told.grew
        assert told.unanswered == 0
        assert told.refused > 0
        with servers.primary.client() as client:
            assert int(client.get(VISITS_KEY) or 0) >= max(told.numbers)
        assert count(counter) > max(told.numbers)


@pytest.mark.thorough
def test_without_waiting_a_failover_repeats_what_the_replica_did_not_have(
    free_port: Callable[[], int], tmp_path: Path
) -> None:
    """The control: numbers are shown twice, and no more than were given out while the replica was behind."""
    with (
        replicated(tmp_path, free_port) as servers,
        counter_process(tmp_path / "counter", free_port(), servers.port, **PATIENT) as counter,
    ):
        begun = time.monotonic()
        told = visited_through_failovers(counter, servers, tmp_path)
        rate = told.answered / (time.monotonic() - begun)
    assert told.twice
    # Generously: it may take a busy machine longer.
    assert len(told.twice) < FAILOVERS * rate * (BEHIND_SECONDS + 1)


def test_with_waiting_and_no_replica_visitors_are_told_in_time(
    free_port: Callable[[], int], tmp_path: Path
) -> None:
    """The number is not shown: it might be shown again."""
    with (
        replicated(tmp_path, free_port) as servers,
        counter_process(tmp_path / "counter", free_port(), servers.port, REDIS_WAIT_REPLICAS=1) as counter,
    ):
        last = visits(first_counted(counter))  # a busy machine's replica can be late, too
        servers.stop_replica()
        answers = [counter.ask("/api/visits", "POST") for _ in range(5)]
        assert {answer.status for answer in answers} == {503}
        assert min(answer.seconds for answer in answers) < LIMIT_SECONDS
        assert counter.ask("/readyz").status == 200, "Redis itself can be written to"
        servers.replica.resume()
        assert visits(first_counted(counter)) > last


@pytest.fixture
def hosts_wrapper() -> str:
    """The library that lets one process have a hosts file of its own."""
    name = "libnss_wrapper.so"
    try:
        ctypes.CDLL(name)
    except OSError:
        parts.require("libnss_wrapper", False, "install libnss-wrapper (Linux)")
    return name


def test_when_its_name_leads_elsewhere_the_next_visitor_is_counted_there(
    hosts_wrapper: str, own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """ElastiCache's failover: the endpoint's name gets the new primary's address; the old one may live on."""
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{HOST} primary.redis.test\n")
    settings: dict[str, str | int] = {
        "REDIS_HOST": "primary.redis.test",
        "LD_PRELOAD": hosts_wrapper,
        "NSS_WRAPPER_HOSTS": str(hosts),
    }
    successor = RedisServer(tmp_path / "successor", free_port())
    successor.start()
    try:
        with (
            Wire(successor.port, host="127.0.0.2", port=own_redis.port),
            counter_process(tmp_path / "counter", free_port(), own_redis.port, **settings) as counter,
            own_redis.client() as old,
            successor.client() as new,
        ):
            assert count(counter) == 1
            new.set(VISITS_KEY, 1000)
            hosts.write_text("127.0.0.2 primary.redis.test\n")
            os.utime(hosts, (time.time() + 10,) * 2)  # the library looks at the file's time, in seconds
            begun = time.monotonic()
            old.replicaof("127.0.0.2", own_redis.port)  # demoted: READONLY
            while (answer := counter.ask("/api/visits", "POST")).status != 200:
                assert time.monotonic() < begun + 5
            assert visits(answer) == 1001
            assert time.monotonic() - begun < 5
    finally:
        successor.stop()
