"""The Redis of the local run: asks for the deployed password, and keeps the visits of earlier runs."""

import contextlib
from pathlib import Path

import redis

from local import ports
from local.counter import RedisAddress
from local.errors import LocalRunError
from local.processes import Process
from local.redis_server import RedisServer, RedisServerError, find_server
from local.session import Session
from local.tls import Tls, self_signed_tls


def ensure(session: Session, password: str) -> RedisAddress:
    """The running Redis, (re)started when there is none that takes `password`; raises `LocalRunError`."""
    folder = session.layout.redis_data
    tls = _certificate(folder / "tls")
    port = session.state.redis_port
    if session.state.running("redis") and _answers(RedisServer(folder, port, password, tls)):
        return RedisAddress(port, tls.ca if tls else None)
    try:
        with session.console.step("Redis") as step:
            RedisServer(folder, port).stop()
            tls = self_signed_tls(folder / "tls", [ports.LOOPBACK]) if find_server().supports_tls() else None
            if not port or not ports.is_free(port):
                port = ports.any_free()
            server = RedisServer(folder, port, password, tls)
            session.start(lambda: _start(server, folder))
            session.remember(redis_port=port)
            step.result = f"{ports.LOOPBACK}:{port}{'' if tls else ', without TLS'}"
    except RedisServerError as error:
        raise LocalRunError(str(error)) from error
    return RedisAddress(port, tls.ca if tls else None)


def _start(server: RedisServer, folder: Path) -> Process:
    server.start(detached=True)
    return Process.known("redis", server.pid or 0, folder / "redis.log")


def _certificate(folder: Path) -> Tls | None:
    """The certificate that a Redis of an earlier start has; None if it had none."""
    tls = Tls(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    return tls if tls.ca.exists() and find_server().supports_tls() else None


def _answers(server: RedisServer) -> bool:
    with contextlib.suppress(redis.RedisError), server.client(timeout=2) as client:
        return bool(client.ping())
    return False
