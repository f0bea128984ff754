"""gunicorn, set up for one small container behind a load balancer."""

import os
import signal
import socket
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn ships no types

from visitor_counter.app import create_app
from visitor_counter.config import Config, ConfigError
from visitor_counter.logs import JsonLogger

# Seconds, one set: the load balancer's idle timeout (60) < keep-alive, so that it never reuses a connection
# that this end is about to close; graceful shutdown < the task's stop timeout (30), so that a request that
# still runs is finished and not killed.
KEEP_ALIVE_SECONDS = 75
GRACEFUL_TIMEOUT_SECONDS = 25


def gunicorn_settings(config: Config) -> dict[str, Any]:
    """gunicorn's settings by name (gunicorn documentation, "Settings")."""
    address = f"[{config.host}]" if ":" in config.host else config.host
    return {
        "bind": f"{address}:{config.port}",
        "worker_class": "gthread",
        "workers": config.web_concurrency,
        "threads": config.web_threads,
        "keepalive": KEEP_ALIVE_SECONDS,
        "graceful_timeout": GRACEFUL_TIMEOUT_SECONDS,
        # Loaded once and shared by the workers: less memory, and half the start-up time on little CPU.
        "preload_app": True,
        "worker_tmp_dir": _worker_directory(),
        # Written into the home directory, which a read-only container does not have, and used by no one.
        "control_socket_disable": True,
        "forwarded_allow_ips": ",".join(config.forwarded_allow_ips),
        # A load balancer passes a client's own SCRIPT_NAME and PATH_INFO headers on; they must not route.
        "forwarder_headers": "",
        "post_fork": _obey_sigterm,
        "logger_class": JsonLogger,
        "accesslog": "-",
        "errorlog": "-",
        "loglevel": config.log_level,
        "proc_name": "visitor_counter",
    }


def check_address(config: Config) -> None:
    """Raise ConfigError if the server cannot listen where it should.

    gunicorn would try for five seconds, with two log lines for each try.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise ConfigError(
            "PORT", str(config.port), f"cannot listen on {config.host}: {error.strerror}"
        ) from error


class Server(BaseApplication):  # type: ignore[misc]  # its base has no types
    """gunicorn with this application and these settings: no command line, no settings file."""

    def __init__(self, config: Config) -> None:
        self._config = config
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_settings(self._config).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self._config)


def _obey_sigterm(_arbiter: object, _worker: object) -> None:
    """Let a worker that still starts be ended by SIGTERM.

    Until it sets its own handlers it has its parent's, which only takes a note: it would then be waited for
    until the graceful timeout is over.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _worker_directory() -> str | None:
    """Where workers keep their heartbeat file: in memory, if there is such a file system.

    On a disk the heartbeat can block, and with a read-only root there may be no other place to write to
    (gunicorn documentation, "How do I avoid Gunicorn excessively blocking in os.fchmod?").
    """
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn creates the file there with mkstemp and unlinks it at once
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK | os.X_OK) else None
