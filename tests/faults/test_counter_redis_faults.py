"""What Redis can answer, or not answer, and what the visitor is told then."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from local.redis_server import RedisServer
from stacks.counter.redis_serverless import RIGHTS
from tests.counter_process import CounterProcess, counter_process
from tests.faults.counting import WRITING, assert_away, count
from tests.faults.wire import Wire
from tests.local_run import wait_for
from visitor_counter.counter import VISITS_KEY


@pytest.fixture
def wire(own_redis: RedisServer) -> Iterator[Wire]:
    """A proxy before a Redis of this test alone."""
    with Wire(own_redis.port) as between:
        yield between


@pytest.fixture
def counter(wire: Wire, free_port: Callable[[], int], tmp_path: Path) -> Iterator[CounterProcess]:
    """A counter behind `wire`, with the time limits of a deployed one."""
    with counter_process(tmp_path / "counter", free_port(), wire.port) as process:
        yield process


def test_a_slow_redis_is_waited_for_within_the_limit_and_no_longer(
    counter: CounterProcess, wire: Wire
) -> None:
    assert count(counter) == 1
    wire.delay = 0.05
    numbers = [count(counter) for _ in range(3)]
    assert numbers == sorted(set(numbers))
    wire.delay = 1.0
    assert_away(counter)
    wire.delay = 0.0
    assert count(counter) > numbers[-1]


def test_a_connection_that_is_dead_and_does_not_say_so(counter: CounterProcess, wire: Wire) -> None:
    """A firewall that has forgotten it, a host that lost its power: one visitor finds out, the next is counted."""
    last = [count(counter) for _ in range(4)][-1]
    wire.silent = True
    assert_away(counter)
    wire.silent = False
    assert count(counter) > last


def test_refused_connections(counter: CounterProcess, wire: Wire, free_port: Callable[[], int]) -> None:
    last = count(counter)
    target, wire.target_port = wire.target_port, free_port()
    wire.silent = True  # those that are open die
    assert_away(counter)
    wire.silent, wire.target_port = False, target
    assert count(counter) > last


def test_full_memory(counter: CounterProcess, own_redis: RedisServer) -> None:
    last = count(counter)
    with own_redis.client() as client:
        client.config_set("maxmemory", 1)
        assert_away(counter, WRITING)
        assert counter.ask("/api/visits").status == 200, "reading needs no memory"
        client.config_set("maxmemory", 0)
    assert count(counter) == last + 1


def test_while_redis_loads_its_data(free_port: Callable[[], int], tmp_path: Path) -> None:
    """LOADING: it takes connections, and refuses what is asked on them."""
    server = RedisServer(tmp_path / "redis", free_port())
    server.start()
    with server.client() as client:
        client.set(VISITS_KEY, 4711)
        for number in range(200):
            client.set(f"other-{number}", "x" * 1000)
        client.bgrewriteaof()  # into the form during whose loading it listens
        wait_for(lambda: not client.info("persistence")["aof_rewrite_in_progress"], seconds=10)
    server.stop()
    # 20 ms for each key, and an answer to whoever asks after each kilobyte
    slow = {"key-load-delay": "20000", "loading-process-events-interval-bytes": "1024"}
    server = RedisServer(server.directory, server.port, directives=slow)
    with counter_process(tmp_path / "counter", free_port(), server.port) as counter:
        loading = threading.Thread(target=server.start)
        loading.start()
        try:
            with server.client() as client:
                wait_for(lambda: says_loading(client), seconds=5)
            assert_away(counter)
            assert loading.is_alive(), "it was over too soon"
            loading.join()
            assert count(counter) == 4712
        finally:
            loading.join()
            server.stop()


def says_loading(client: redis.Redis) -> bool:
    try:
        client.ping()
    except redis.BusyLoadingError:
        return True
    except redis.ConnectionError:
        pass
    return False


def test_the_rights_of_the_serverless_user_are_enough_and_not_more(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """ElastiCache's access strings are Redis' own, so a Redis here can judge this one."""
    with own_redis.client() as client:
        client.execute_command("ACL", "SETUSER", "counter", *RIGHTS.split(), ">secret")
        client.execute_command("ACL", "SETUSER", "default", "off")
    settings = {"REDIS_USERNAME": "counter", "REDIS_PASSWORD": "secret"}
    with counter_process(tmp_path / "counter", free_port(), own_redis.port, **settings) as counter:
        assert count(counter) == 1
        answers = [
            counter.ask(path, method)
            for method, path in (
                ("GET", "/"), ("GET", "/c/blog"), ("POST", "/api/visits/blog"), ("GET", "/api/visits/blog"),
                ("GET", "/badge.svg"), ("GET", "/readyz"),
            )
        ]  # fmt: skip
        assert {answer.status for answer in answers} == {200}
    with redis.Redis(port=own_redis.port, username="counter", password="secret") as counter_user:
        for command in ("FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST", "SHUTDOWN"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                counter_user.execute_command(*command.split())
