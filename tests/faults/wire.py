"""A TCP proxy between a client and Redis that loses, delays or swallows what Redis answers, or leads elsewhere."""

import contextlib
import selectors
import socket
import threading
import time
from types import TracebackType

from local.redis_server import HOST

_BUFFER = 65536


class Wire:
    """Forwards connections to `target_port` of this machine; counts the INCR commands that pass.

    With `drop_every` = n the answer to every n-th of them is lost: the connection is closed once Redis has
    answered, so that the command was applied and the client cannot know. `delay` holds every answer back, in
    seconds. While `silent`, connections are taken and kept and nothing passes any more, as when the other end is
    gone and nobody says so; those stay dead. Where connections made from now on lead can be changed.
    """

    def __init__(self, target_port: int, *, host: str = HOST, port: int = 0) -> None:
        """Listens on `host` and `port` (0: any that is free)."""
        self.target_port = target_port
        self._listener = socket.create_server((host, port))
        self._lock = threading.Lock()
        self.silent = False
        self._closed = False
        self.port: int = self._listener.getsockname()[1]
        self.drop_every = 0
        self.delay = 0.0
        self.increments = 0
        self.dropped = 0

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            client,
            socket.create_connection((HOST, self.target_port)) as target,
            selectors.DefaultSelector() as ready,
        ):
            for end in (client, target):  # a proxy that waits to fill a packet is a slow one
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(client, selectors.EVENT_READ)
            ready.register(target, selectors.EVENT_READ)
            lose = dead = False
            while not self._closed:
                for key, _ in ready.select(timeout=0.1):
                    dead = dead or self.silent
                    if dead:
                        if not key.fileobj.recv(_BUFFER):  # type: ignore[union-attr]  # both are sockets
                            return
                        continue
                    if key.fileobj is client:
                        data = client.recv(_BUFFER)
                        lose = self._note(data)
                        target.sendall(data)
                    else:
                        data = target.recv(_BUFFER)
                        if lose:
                            return
                        time.sleep(self.delay)
                        client.sendall(data)
                    if not data:
                        return

    def _note(self, command: bytes) -> bool:
        """Count the INCRs in `command`; whether the answer to it is to be lost."""
        # redis-py sends one command at a time per connection, INCR as INCRBY 1.
        found = command.count(b"INCR")
        with self._lock:
            self.increments += found
            lose = bool(found and self.drop_every and self.increments % self.drop_every == 0)
            self.dropped += lose
        return lose
