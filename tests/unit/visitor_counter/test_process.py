"""The counter as a process: the server that `python -m visitor_counter` starts, its logs, its exactness."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import redis

from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, ROOT, CounterProcess, counter_process, environment
from tests.local_run import wait_for
from visitor_counter.counter import VISITS_KEY
from visitor_counter.healthcheck import alive

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
    workers = {line["pid"] for line in requests_logged(server) if line["path"] == "/api/visits"}
    assert len(workers) == 2, "both server processes must have taken part"


def test_the_server_is_gunicorn_with_our_settings(server: CounterProcess) -> None:
    log = [json.loads(line) for line in server.stderr.read_text().splitlines()]
    messages = [line["message"] for line in log]
    assert "Using worker: gthread" in messages
    # the first worker may answer before the second has started
    wait_for(lambda: len(psutil.Process(server.process.pid).children()) == 2, seconds=10)
    assert server.ask("/healthz").headers["Server"] == "gunicorn"
    assert all(line["level"] == "info" for line in log), log


def test_a_connection_stays_open_longer_than_the_load_balancers() -> None:
    from visitor_counter.config import Config
    from visitor_counter.server import Server

    settings = Server(Config()).cfg
    assert settings.keepalive > 60  # the load balancer's idle timeout
    assert settings.graceful_timeout < 30  # the task's stop timeout
    assert settings.timeout > settings.graceful_timeout
    assert settings.control_socket_disable
    assert settings.forwarder_headers == []
    assert settings.forwarded_allow_ips == []


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


def test_health_checks_are_not_logged(server: CounterProcess) -> None:
    server.ask("/healthz")
    server.ask("/readyz")
    server.ask("/after-the-health-checks")
    wait_for_log(server, "/after-the-health-checks")
    assert not {"/healthz", "/readyz"} & {line["path"] for line in requests_logged(server)}


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
    with counter_process(tmp_path, free_port(), redis_server.port, WEB_CONCURRENCY=1) as counter:
        (worker,) = psutil.Process(counter.process.pid).children()
        worker.send_signal(signal.SIGKILL)
        worker.wait(5)
        assert counter.ask("/").status == 200


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
