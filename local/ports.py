"""Ports on the loopback interface: which are free, and who holds the one that is not."""

import socket

import psutil

from local.errors import BadInputError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # as servers do, so that a connection that is only waiting for its end does not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that is free now, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def holder(port: int) -> str:
    """Who listens on `port`, for a message: `redis-server (pid 42)`; other users' processes stay nameless."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:  # macOS tells root only
        connections = []
    for connection in connections:
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr
        if listens and listens.port == port and connection.pid:
            try:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
            except psutil.Error:
                break
    return "another program"


def named(text: str, *, default: int, setting: str) -> tuple[int, str]:
    """As `choose`, for what the user wrote for `setting`, or nothing. Raises `BadInputError`."""
    if text and not (text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535):
        raise BadInputError(f"{setting}={text}: not a port; a number from 1024 to 65535")
    return choose(int(text or default), named=bool(text), setting=setting)


def choose(preferred: int, *, named: bool, setting: str) -> tuple[int, str]:
    """The port to use, and a remark for the user (empty when it is the preferred one).

    A port that the user named (`named`, by the variable `setting`) is taken or refused; another is picked only
    when he did not ask for it. Raises `BadInputError`.
    """
    if is_free(preferred):
        return preferred, ""
    taken = f"port {preferred} is taken by {holder(preferred)}"
    if named:
        raise BadInputError(
            f"{setting}={preferred}: {taken}; stop it, or name another: {setting}={any_free()}"
        )
    port = any_free()
    return port, f"{taken}; using {port} (name one yourself: {setting}=…)"
