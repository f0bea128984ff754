"""Bytes that no browser would send, to a real counter: no 500, no markup that comes back, no memory that stays."""

import socket
from collections.abc import Callable, Iterator

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, CounterProcess, counter_process

MARKUP = b"<svg/onload=alert(1)>"
# What a request line and a header field are made of, legal or not: RFC 9112 sections 3 and 5.
TOKENS = st.sampled_from(
    [b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"TRACE", b"CONNECT", b"get", b"B\x00D"]
)
SEGMENTS = st.sampled_from(
    [b"", b"c", b"api", b"visits", b"badge.svg", b"healthz", b"..", b"%2e%2e", b"%00", b"%", b"%zz", MARKUP]
) | st.binary(max_size=20)
TARGETS = st.lists(SEGMENTS, max_size=6).map(lambda parts: b"/" + b"/".join(parts)) | st.sampled_from(
    [b"*", b"http://evil.example/", b"//evil.example/", b"/?" + MARKUP, b"/" + b"a" * 70_000]
)
NAMES = st.sampled_from(
    [b"Host", b"X-Request-Id", b"X-Forwarded-For", b"X-Forwarded-Proto", b"Origin", b"Sec-Purpose", b"User-Agent",
     b"Content-Type", b"X-Amzn-Trace-Id", b"Cookie", b"Expect", b"Upgrade"]
) | st.binary(min_size=1, max_size=10)  # fmt: skip
VALUES = st.sampled_from([MARKUP, b"100-continue", b"null", b"\xff\xfe", b"a" * 9000]) | st.binary(
    max_size=30
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
BODIES = st.binary(max_size=2000)


@pytest.fixture(scope="module")
def counter(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CounterProcess]:
    """A counter that lets everybody's pages read, so that their origins are looked at."""
    with counter_process(
        tmp_path_factory.mktemp("counter"), free_port(), redis_server.port, CORS_ALLOW_ORIGINS="*", **PATIENT
    ) as running:
        yield running


def answer(counter: CounterProcess, data: bytes) -> bytes:
    """What comes back for `data` until the server closes, or has nothing more to say."""
    received = b""
    with socket.create_connection((HOST, counter.port), timeout=10) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65536):
                received += more
        except TimeoutError:
            raise
        except OSError:
            pass  # it need not listen to the end
    return received


@settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
)
@given(method=TOKENS, target=TARGETS, fields=FIELDS, body=BODIES)
def test_nothing_of_a_request_breaks_it_or_comes_back(
    counter: CounterProcess, method: bytes, target: bytes, fields: list[tuple[bytes, bytes]], body: bytes
) -> None:
    head = b"\r\n".join(name + b": " + value for name, value in fields)
    data = b"%b %b HTTP/1.1\r\nContent-Length: %d\r\n%b\r\n\r\n%b" % (method, target, len(body), head, body)
    received = answer(counter, data)
    if received:
        assert received.startswith(b"HTTP/1.")
        assert received[9:10] in b"234", received[:200]
    assert MARKUP not in received
    assert b"Traceback" not in received


def test_memory_does_not_grow_with_what_is_sent(counter: CounterProcess) -> None:
    def memory() -> int:
        return sum(child.memory_info().rss for child in psutil.Process(counter.process.pid).children())

    body = b"a" * 3_000_000
    announced = b"POST /api/visits HTTP/1.1\r\nHost: c\r\nContent-Length: %d\r\n\r\n" % len(body)
    endless = b"GET / HTTP/1.1\r\nHost: c\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"

    def send(times: int) -> None:
        for _ in range(times):
            answer(counter, announced + body)
            answer(counter, endless + body)

    send(10)
    before = memory()
    send(60)
    assert memory() - before < 20_000_000
    assert counter.ask("/healthz").status == 200
