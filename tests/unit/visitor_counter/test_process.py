"""The counter as a process: the server that `python -m visitor_counter` starts, its logs, its exactness."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, ROOT, CounterProcess, counter_process, environment
from tests.local_run import wait_for
from visitor_counter.config import Config
from visitor_counter.counter import VISITS_KEY
from visitor_counter.healthcheck import alive
from visitor_counter.metrics import shared_parent
from visitor_counter.server import granian_settings

CLIENTS = 4
VISITS_PER_CONNECTION = 50  # short, so that both server processes get some
CONNECTIONS_PER_CLIENT = 20


@pytest.fixture(scope="module")
def server(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CounterProcess]:
    """A counter that trusts this machine's forwarded headers."""
    directory = tmp_path_factory.mktemp("counter")
    settings: dict[str, str | int] = {"FORWARDED_ALLOW_IPS": "127.0.0.1", "WEB_CONCURRENCY": 2, **PATIENT}
    with counter_process(directory, free_port(), redis_server.port, **settings) as counter:
        yield counter


def requests_logged(counter: CounterProcess) -> list[dict[str, object]]:
    return [json.loads(line) for line in counter.stdout.read_text().splitlines()]


def visits_logged(counter: CounterProcess) -> list[dict[str, object]]:
    return [line for line in requests_logged(counter) if line["path"] == "/api/visits"]


def wait_for_log(counter: CounterProcess, path: str) -> dict[str, object]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for line in requests_logged(counter):
            if line["path"] == path:
                return line
        time.sleep(0.02)
    raise AssertionError(f"no request for {path} was logged")


def test_every_number_is_given_to_one_visitor_only(server: CounterProcess, redis_client: redis.Redis) -> None:
    numbers: list[list[int]] = [[] for _ in range(CLIENTS)]

    def visit(seen: list[int]) -> None:
        for _ in range(CONNECTIONS_PER_CLIENT):
            connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
            for _ in range(VISITS_PER_CONNECTION):
                connection.request("POST", "/api/visits")
                response = connection.getresponse()
                body = response.read()
                assert response.status == 200, body
                seen.append(json.loads(body)["visits"])
            connection.close()

    threads = [threading.Thread(target=visit, args=(seen,)) for seen in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = sorted(number for seen in numbers for number in seen)
    assert everything == list(range(1, CLIENTS * CONNECTIONS_PER_CLIENT * VISITS_PER_CONNECTION + 1))
    assert redis_client.get(VISITS_KEY) == str(everything[-1])
    for seen in numbers:
        assert seen == sorted(seen), "numbers must only grow for one visitor"
    wait_for(lambda: len(visits_logged(server)) >= len(everything), seconds=5)
    logged = visits_logged(server)
    assert len(logged) == len(everything)
    assert len({line["pid"] for line in logged}) == 2, "both server processes must have taken part"
    assert len({line["request_id"] for line in logged}) == len(everything)


def test_it_starts_without_a_warning_and_says_nothing_of_itself(server: CounterProcess) -> None:
    # the first worker may answer before the second has started
    wait_for(lambda: len(psutil.Process(server.process.pid).children()) == 2, seconds=10)
    for path in ("/", "/healthz", "/nowhere"):
        assert server.ask(path).headers.get_all("Server") == ["visitor-counter"]
    log = [json.loads(line) for line in server.stderr.read_text().splitlines()]
    assert f"Listening at: http://{HOST}:{server.port}" in [line["message"] for line in log]
    assert all(line["level"] == "info" for line in log), log


def test_a_connection_stays_open_longer_than_the_load_balancers(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """The time limit is one for a request's head and for the pause before it: see it at work, but shorter."""
    assert granian_settings(Config())["http1_settings"].header_read_timeout == 75_000
    shorter = tmp_path / "sitecustomize.py"
    shorter.write_text("import visitor_counter.server as server; server.KEEP_ALIVE_SECONDS = 2\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    with counter_process(tmp_path / "counter", free_port(), redis_server.port, PYTHONPATH=path) as counter:
        connection = http.client.HTTPConnection(HOST, counter.port, timeout=10)
        connection.connect()
        wire = connection.sock
        for pause in (0, 1.5):
            time.sleep(pause)
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b'{"status":"ok"}\n'
        begun = time.monotonic()
        assert wire.recv(65536) == b""
        assert 1.5 < time.monotonic() - begun < 8
        connection.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"X-Big: " + b"a" * 200_000, b"431"),
        (b"\r\n".join(b"X-%d: 1" % number for number in range(200)), b"431"),
        (b"Content-Length: 1\r\nContent-Length: 2", b"400"),
    ],
    ids=["too long", "too many", "two lengths"],
)
def test_a_head_beyond_the_limits_is_refused(server: CounterProcess, head: bytes, status: bytes) -> None:
    with socket.create_connection((HOST, server.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: counter\r\n" + head + b"\r\n\r\n")
        assert connection.recv(65536).split()[1] == status
    assert server.ask("/healthz").status == 200


def test_a_body_that_nobody_reads_is_no_trouble(server: CounterProcess) -> None:
    """It is never taken for the next request. What of it has not come when the answer is sent need not be waited
    for: the server may close the connection instead (RFC 9112, 9.3), and does when it is busy."""
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=10)) as connection:
        for _ in range(2):
            try:
                response = _visit_with(connection, body=b"a" * 10_000)
            except ConnectionError:
                connection.close()
                response = _visit_with(connection, body=b"a" * 10_000)
            assert (response.status, list(json.loads(response.read()))) == (200, ["visits"])


def _visit_with(connection: http.client.HTTPConnection, body: bytes) -> http.client.HTTPResponse:
    connection.request("POST", "/api/visits", body=body)
    return connection.getresponse()


def test_a_request_is_logged_as_json(server: CounterProcess) -> None:
    headers = {
        "User-Agent": 'curious "browser"\\',
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678",
    }
    server.ask("/logged%0Atwice?secret=1", headers=headers)
    line = wait_for_log(server, "/logged\ntwice")
    assert line["method"] == "GET"
    assert line["status"] == 404
    assert line["client"] == "198.51.100.7"
    assert line["user_agent"] == 'curious "browser"\\'
    assert line["trace_id"] == "Root=1-67891233-abcdef012345678912345678"
    assert isinstance(line["duration_ms"], float)
    assert "secret" not in json.dumps(line)


def test_a_request_has_an_id_in_its_answer_and_in_the_log(server: CounterProcess) -> None:
    given = server.ask("/with-an-id", headers={"X-Request-Id": "abc-123.X_y"})
    assert given.headers["X-Request-Id"] == wait_for_log(server, "/with-an-id")["request_id"] == "abc-123.X_y"
    for odd in ("two words", "a" * 65, "<script>", ""):
        answer = server.ask("/", headers={"X-Request-Id": odd})
        assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", answer.headers["X-Request-Id"])


def test_the_last_lines_are_written_before_it_ends(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path, free_port(), redis_server.port) as counter:
        for number in range(20):
            counter.ask(f"/last-{number}")
        counter.terminate()
    paths = [line["path"] for line in requests_logged(counter)]
    assert sorted(str(path) for path in paths if "last" in str(path)) == sorted(
        f"/last-{n}" for n in range(20)
    )


def test_metrics_are_those_of_all_processes(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    def visits() -> float:
        text = counter.ask("/metrics").text
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "visitor_counter_requests_total" and sample.labels["route"] == "/api/visits"
        )

    with counter_process(tmp_path, free_port(), redis_server.port) as counter:
        wait_for(lambda: len(psutil.Process(counter.process.pid).children()) == 2, seconds=10)
        for _ in range(60):
            counter.ask("/api/visits", "POST")
        wait_for(lambda: visits() == 60, seconds=5)
        assert {visits() for _ in range(20)} == {60}, "whichever process answers"
        # What a process counted that has died is still counted.
        elder = psutil.Process(counter.process.pid).children()[0]
        elder.kill()
        elder.wait(5)
        counter.ask("/api/visits", "POST")
        wait_for(lambda: visits() == 61, seconds=5)
        kept = list(shared_parent().glob(f"visitor-counter-metrics-{counter.process.pid}-*"))
        assert len(kept) == 1
    assert not kept[0].exists()


def test_the_shared_metrics_of_a_server_that_was_killed_are_removed_by_the_next(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path / "killed", free_port(), redis_server.port) as killed:
        killed.process.kill()
        killed.process.wait(5)
    (left,) = shared_parent().glob(f"visitor-counter-metrics-{killed.process.pid}-*")
    with counter_process(tmp_path / "next", free_port(), redis_server.port) as following:
        assert not left.exists()
        following.terminate()


def test_a_log_that_nobody_reads_holds_up_nobody(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """A full pipe blocks whoever writes to it: that must not be a visitor's thread."""
    port = free_port()
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "visitor_counter"],
        cwd=ROOT,
        env=environment(
            HOST=HOST, PORT=port, REDIS_HOST=HOST, REDIS_PORT=redis_server.port, WEB_CONCURRENCY=1, **PATIENT
        ),
        stdout=writer,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        wait_for(lambda: alive(port), seconds=10)
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        slowest = 0.0
        for _ in range(2000):  # 400 bytes for each: several times what a pipe holds
            begun = time.monotonic()
            connection.request("POST", "/api/visits")
            response = connection.getresponse()
            assert (response.status, response.read()[:10]) == (200, b'{"visits":')
            slowest = max(slowest, time.monotonic() - begun)
        assert slowest < 2
        connection.close()
    finally:
        os.close(reader)
        process.kill()
        process.wait()


def test_health_checks_are_not_logged(server: CounterProcess) -> None:
    server.ask("/healthz")
    server.ask("/readyz")
    server.ask("/metrics")
    server.ask("/after-the-health-checks")
    wait_for_log(server, "/after-the-health-checks")
    assert not {"/healthz", "/readyz", "/metrics"} & {line["path"] for line in requests_logged(server)}


def test_forwarded_headers_count_from_trusted_peers_only(
    server: CounterProcess, redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    https = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert "Strict-Transport-Security" in server.ask("/", headers=https).headers
    empty = {"WEB_CONCURRENCY": "", "FORWARDED_ALLOW_IPS": ""}  # what Compose passes for an unset variable
    with counter_process(tmp_path, free_port(), redis_server.port, **empty) as wary:
        assert "Strict-Transport-Security" not in wary.ask("/", headers=https).headers
        assert wait_for_log(wary, "/")["client"] == HOST


def test_a_client_cannot_choose_another_route_by_header(server: CounterProcess) -> None:
    answer = server.ask("/healthz", headers={"PATH_INFO": "/nowhere", "SCRIPT_NAME": "/healthz"})
    assert (answer.status, answer.text.strip()) == (200, '{"status":"ok"}')


def test_the_container_health_check(server: CounterProcess, free_port: Callable[[], int]) -> None:
    assert alive(server.port)
    assert not alive(free_port())
    with socket.create_server((HOST, 0)) as silent:
        assert not alive(silent.getsockname()[1], timeout=0.1)


def test_a_worker_that_dies_is_replaced(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """Who comes meanwhile waits: the parent holds the socket."""
    with counter_process(tmp_path, free_port(), redis_server.port, WEB_CONCURRENCY=1) as counter:
        (worker,) = psutil.Process(counter.process.pid).children()
        worker.send_signal(signal.SIGKILL)
        worker.wait(5)
        assert counter.ask("/").status == 200


def test_workers_end_with_a_server_that_was_killed(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path
) -> None:
    with counter_process(tmp_path, free_port(), redis_server.port) as counter:
        wait_for(lambda: len(psutil.Process(counter.process.pid).children()) == 2, seconds=10)
        workers = psutil.Process(counter.process.pid).children()
        counter.process.kill()
        counter.process.wait(5)
        assert psutil.wait_procs(workers, timeout=5)[1] == []


@pytest.mark.parametrize("wait", [0.0, 1.0], ids=["while it starts", "when it runs"])
def test_ctrl_c_ends_it_in_order(
    redis_server: RedisServer, free_port: Callable[[], int], tmp_path: Path, wait: float
) -> None:
    """A terminal sends SIGINT to the whole process group."""
    stderr = tmp_path / "stderr"
    with stderr.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "visitor_counter"],
            cwd=ROOT,
            env=environment(HOST=HOST, PORT=free_port(), REDIS_HOST=HOST, REDIS_PORT=redis_server.port),
            stderr=log,
            start_new_session=True,
        )
    wait_for(lambda: "Spawning worker-2" in stderr.read_text(), seconds=10)
    time.sleep(wait)
    if wait:
        workers = psutil.Process(process.pid).children()
        for worker in workers:
            worker.send_signal(signal.SIGINT)
        assert psutil.wait_procs(workers, timeout=1)[0] == [], "it is the parent that ends them"
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(10) == 0
    assert {json.loads(line)["level"] for line in stderr.read_text().splitlines()} == {"info"}


def test_a_taken_port_is_named() -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "visitor_counter"],
            cwd=ROOT,
            env=environment(HOST=HOST, PORT=port),
            capture_output=True,
            text=True,
            timeout=10,
        )
    assert done.returncode == 2
    assert done.stderr == f"visitor_counter: PORT={port}: cannot listen on {HOST}: Address already in use\n"
