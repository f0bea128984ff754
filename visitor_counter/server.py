"""granian, set up for one small container behind a load balancer."""

import multiprocessing
import multiprocessing.util
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from visitor_counter import logs
from visitor_counter.access_log import AccessLog
from visitor_counter.app import create_app
from visitor_counter.batches import Batches
from visitor_counter.config import Config, ConfigError
from visitor_counter.forwarded import Forwarded, ForwardedScheme
from visitor_counter.metrics import Metrics, shared_folder
from visitor_counter.observation import Observed, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Seconds, one set: the load balancer's idle timeout (60) < keep-alive, so that it never reuses a connection
# that this end is about to close; graceful shutdown < the task's stop timeout (30), so that a request that
# still runs is finished and not killed.
KEEP_ALIVE_SECONDS = 75
GRACEFUL_TIMEOUT_SECONDS = 25
# What one request's head may take, in bytes, and what is read of it at once; the load balancer takes as much
# (AWS: "Quotas for your Application Load Balancers"), and browsers send a few thousand. Longer: 431.
HEAD_BYTES = 64 * 1024
# Open connections to each process; further ones wait in the system's queue.
CONNECTIONS = 1000
BACKLOG = 2048
_PARENT_CHECK_SECONDS = 1.0


def granian_settings(config: Config) -> dict[str, Any]:
    """granian's settings by name (granian's README, "Options")."""
    return {
        "interface": Interfaces.WSGI,
        "http": HTTPModes.http1,
        "websockets": False,
        "workers": config.web_concurrency,
        "blocking_threads": config.web_threads,
        "backlog": BACKLOG,
        "backpressure": CONNECTIONS,
        "http1_settings": HTTP1Settings(
            # It also runs while a connection that is kept alive waits for its next request.
            header_read_timeout=KEEP_ALIVE_SECONDS * 1000,
            max_buffer_size=HEAD_BYTES,
        ),
        "workers_kill_timeout": GRACEFUL_TIMEOUT_SECONDS,
        "respawn_failed_workers": True,
        "log_level": LogLevels(config.log_level),
        "log_dictconfig": logs.configuration(config.log_level),
    }


def listen(config: Config) -> socket.socket:
    """The socket that the workers take connections from.

    Raises:
        ConfigError: the server cannot listen there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # A connection that is taken inherits it: an answer does not wait for the client's acknowledgement.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ConfigError(
            "PORT", str(config.port), f"cannot listen on {config.host}: {error.strerror}"
        ) from error
    return listener


class Server(MPServer):
    """granian with one listening socket for all workers, which its parent process holds.

    granian's own way on Linux is a socket for each worker on the same port (SO_REUSEPORT): what waits for a
    worker that dies is lost with it, and a second server can be started beside the first by mistake.
    """

    def __init__(self, config: Config, listener: socket.socket) -> None:
        self._listener = listener
        host, port = listener.getsockname()[:2]
        super().__init__("visitor_counter", address=host, port=port, **granian_settings(config))

    def _init_shared_socket(self) -> None:
        backlog = (BACKLOG,) if sys.platform == "linux" else ()
        holder: Any = SocketHolder  # its stub knows no arguments
        self._shd = holder(self._listener.fileno(), False, *backlog)
        self._sso = self._listener

    def _drop_shared_socket(self) -> None:
        self._listener.close()


def serve(config: Config, listener: socket.socket) -> None:
    """Serve the connections of `listener` until SIGTERM or SIGINT."""
    # Workers share what was loaded here, and the socket.
    multiprocessing.set_start_method("fork")
    # A worker has its parent's handlers until it sets its own, and the parent's only takes a note: one that is
    # told to end while it starts would be waited for until the graceful timeout is over.
    os.register_at_fork(after_in_child=_obey_sigterm)
    load = partial(_worker, config, os.getpid())
    with shared_folder():
        Server(config, listener).serve(target_loader=load, wrap_loader=False)


def application(config: Config) -> "WSGIApplication":
    """The application behind what a server in front of it does: whom to believe, log and metrics of requests."""
    metrics = Metrics()
    log = AccessLog(sys.stdout.fileno())

    def note(requests: Sequence[Request]) -> None:
        metrics.observe(requests)
        log.write(requests)

    noted = Batches(note)
    # A process that multiprocessing started runs no atexit handlers, but these; after the last request.
    multiprocessing.util.Finalize(None, noted.flush, exitpriority=0)
    forwarded = Forwarded(config.forwarded_allow_ips)
    return Observed(ForwardedScheme(create_app(config, metrics), forwarded), forwarded, noted.put)


def _worker(config: Config, parent: int) -> "WSGIApplication":
    """Called in each worker's process, when it starts."""
    # A terminal's Ctrl-C is for the parent, which ends its workers in order; threads to come inherit the mask.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return application(config)


def _end_with(parent: int) -> None:
    """End this process when its parent is gone: nobody else would, and it would keep the port."""
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _obey_sigterm() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
