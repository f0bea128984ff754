"""An API that answers what a test tells it, over real HTTP, for failures of which the counter has none."""

import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass
class ScriptedApi:
    """Answers every request the same way; set the fields before each page load."""

    status: int = 200
    body: str = '{"visits": 1}'
    content_type: str = "application/json"
    # Close the connection instead of answering.
    hang_up: bool = False
    # An answer waits until this is set.
    go: threading.Event = field(default_factory=threading.Event)
    # Set once an answer has been handed to the server.
    answered: threading.Event = field(default_factory=threading.Event)

    # Method and path of every request so far.
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.go.set()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        self.go.wait(timeout=30)
        if self.hang_up:
            connection: socket.socket = environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
        response = Response(self.body, self.status, content_type=self.content_type)
        self.answered.set()
        return response(environ, start_response)
