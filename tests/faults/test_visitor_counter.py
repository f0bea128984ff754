"""The visitor counter while Redis dies, hangs, loses its answers, or the counter itself is told to stop."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.redis_server import HOST, RedisServer, find_server
from local.tls import Tls, self_signed_tls
from tests import parts
from tests.counter_process import PATIENT, Answer, CounterProcess, counter_process
from tests.faults.counting import LIMIT_SECONDS, WRITING, assert_away, count, visits
from tests.faults.wire import Wire
from tests.redis_log import wait_until_written
from visitor_counter.counter import VISITS_KEY


@pytest.fixture
def counter(own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path) -> Iterator[CounterProcess]:
    """A counter on a Redis of its own."""
    with counter_process(tmp_path / "counter", free_port(), own_redis.port) as process:
        yield process


def test_redis_killed_and_back(counter: CounterProcess, own_redis: RedisServer) -> None:
    last = [count(counter) for _ in range(20)][-1]
    wait_until_written(own_redis)
    own_redis.kill()
    assert_away(counter)
    own_redis.start()
    # The very first request counts again, in every worker, without a restart; nothing that was shown is lost.
    numbers = [count(counter) for _ in range(20)]
    assert numbers[0] > last
    assert len(set(numbers)) == 20
    assert counter.ask("/readyz").status == 200
    assert counter.process.poll() is None


def test_redis_hangs_and_goes_on(counter: CounterProcess, own_redis: RedisServer) -> None:
    shown = [count(counter) for _ in range(10)]
    own_redis.pause()
    try:
        assert_away(counter)
    finally:
        own_redis.resume()
    # A visit that was sent while Redis hung may have been counted: a gap, never a number twice.
    shown += [count(counter) for _ in range(10)]
    assert shown == sorted(set(shown))


def test_while_redis_hangs_no_thread_is_left_to_wait(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """More visitors than threads: if all might wait, the liveness check would queue behind them."""
    settings = {"WEB_CONCURRENCY": 1, "WEB_THREADS": 4}
    with counter_process(tmp_path / "counter", free_port(), own_redis.port, **settings) as counter:
        count(counter)
        own_redis.pause()
        try:
            counter.ask("/")  # the first one finds out
            answers: list[Answer] = []

            def visit() -> None:
                answers.extend(counter.ask("/") for _ in range(5))

            threads = [threading.Thread(target=visit) for _ in range(12)]
            for thread in threads:
                thread.start()
            health = [counter.ask("/healthz") for _ in range(5)]
            for thread in threads:
                thread.join()
        finally:
            own_redis.resume()
        assert {answer.status for answer in answers} == {503}
        assert max(answer.seconds for answer in answers) < 2 * LIMIT_SECONDS
        assert {answer.status for answer in health} == {200}
        assert max(answer.seconds for answer in health) < LIMIT_SECONDS


def test_a_lost_answer_is_never_asked_for_again(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with (
        Wire(own_redis.port) as wire,
        counter_process(tmp_path / "counter", free_port(), wire.port, **PATIENT) as counter,
        own_redis.client() as client,
    ):
        wire.drop_every = 5
        answers = [counter.ask("/api/visits", "POST") for _ in range(100)]
        shown = [visits(answer) for answer in answers if answer.status == 200]
        failed = [answer for answer in answers if answer.status == 503]
        assert len(shown) + len(failed) == 100
        assert wire.dropped == len(failed) == 20
        assert wire.increments == 100, "an INCR was sent again"
        assert client.get(VISITS_KEY) == "100"
        assert shown == sorted(set(shown)), "a number was shown twice"


def test_a_demoted_primary_is_left(counter: CounterProcess, own_redis: RedisServer) -> None:
    last = count(counter)
    with own_redis.client() as client:
        client.replicaof(HOST, 1)
        connections_before = {row["id"] for row in client.client_list()}
        assert_away(counter, WRITING)
        client.replicaof("NO", "ONE")
        assert count(counter) == last + 1
        # READONLY must not leave the old connections in use: they lead to the old primary for ever.
        own = client.client_id()
        assert connections_before & {row["id"] for row in client.client_list()} <= {str(own)}


def test_stopping_finishes_the_request_that_runs(
    own_redis: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with (
        Wire(own_redis.port) as wire,
        counter_process(tmp_path / "counter", free_port(), wire.port, **PATIENT) as counter,
    ):
        wire.delay = 1.0
        answers: list[Answer] = []
        visitor = threading.Thread(target=lambda: answers.append(counter.ask("/api/visits", "POST")))
        visitor.start()
        time.sleep(0.3)
        begin = time.monotonic()
        exit_code = counter.terminate()
        took = time.monotonic() - begin
        visitor.join()
        assert visits(answers[0]) == 1
        assert exit_code == 0
        assert 0.3 < took < 25
        with pytest.raises(OSError):
            counter.ask("/healthz")


def test_stopping_waits_for_a_request_still_being_sent(counter: CounterProcess) -> None:
    with socket.create_connection((HOST, counter.port), timeout=10) as connection:
        connection.sendall(b"POST /api/visits HTTP/1.1\r\nHost: counter\r\n")
        time.sleep(0.3)
        counter.process.terminate()
        time.sleep(0.5)
        connection.sendall(b"Connection: close\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert counter.process.wait(25) == 0


def test_a_wrong_password_is_a_503_without_the_password(free_port: Callable[[], int], tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "redis", free_port(), password='right "one" \\ {$x}')
    server.start()
    try:
        password = 'right "one" \\ {$x}'
        with counter_process(
            tmp_path / "right", free_port(), server.port, REDIS_PASSWORD=password, **PATIENT
        ) as right:
            assert count(right) == 1
        with counter_process(tmp_path / "wrong", free_port(), server.port, REDIS_PASSWORD="wr0ng") as wrong:
            assert_away(wrong)
            wrong.terminate()
            assert "wr0ng" not in wrong.stdout.read_text() + wrong.stderr.read_text()
    finally:
        server.stop()


@pytest.fixture
def tls_redis(free_port: Callable[[], int], tmp_path: Path) -> Iterator[tuple[RedisServer, Tls]]:
    """A Redis that takes TLS connections only, with a certificate for its address but no name."""
    parts.require(
        "redis-server with TLS",
        find_server().supports_tls(),
        "install Redis 6 or newer (the embedded one has none)",
    )
    tls = self_signed_tls(tmp_path / "tls", [HOST])
    server = RedisServer(tmp_path / "redis", free_port(), password="secret", tls=tls)
    server.start()
    yield server, tls
    server.stop()


def test_tls_is_verified(
    tls_redis: tuple[RedisServer, Tls], free_port: Callable[[], int], tmp_path: Path
) -> None:
    server, tls = tls_redis
    stranger = self_signed_tls(tmp_path / "stranger", [HOST])
    good = {"REDIS_TLS": "true", "REDIS_PASSWORD": "secret"}
    with counter_process(
        tmp_path / "a", free_port(), server.port, **good, REDIS_CA_FILE=str(tls.ca)
    ) as counter:
        assert count(counter) == 1
        assert counter.ask("/readyz").status == 200
    unknown_authority = {**good, "REDIS_CA_FILE": str(stranger.ca)}
    other_name = {**good, "REDIS_CA_FILE": str(tls.ca), "REDIS_HOST": "localhost"}
    no_tls = {"REDIS_PASSWORD": "secret"}
    for number, settings in enumerate((unknown_authority, other_name, no_tls)):
        with counter_process(tmp_path / str(number), free_port(), server.port, **settings) as counter:
            assert_away(counter)
