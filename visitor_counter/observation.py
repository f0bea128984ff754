"""Each request as it was answered: its id, how long it took, what came of it."""

import itertools
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from visitor_counter.forwarded import Forwarded

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "visitor_counter.request_id"  # the key in WSGI's environment
_FOREIGN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Request(NamedTuple):
    """What is kept of a request. `begun` is in seconds since 1970, `seconds` its duration, `size` in bytes without
    the headers."""

    begun: float
    seconds: float
    method: str
    path: str
    status: int
    size: int
    client: str
    request_id: str
    user_agent: str | None
    trace_id: str | None


class Observed:
    """WSGI middleware that gives each request an id, and hands it to `seen` once it is answered."""

    def __init__(
        self, application: "WSGIApplication", forwarded: Forwarded, seen: Callable[[Request], None]
    ) -> None:
        self._application = application
        self._forwarded = forwarded
        self._seen = seen
        # Unlike any other process', without asking the system for each.
        self._prefix, self._numbers = secrets.token_hex(6), itertools.count(1)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun, timer = time.time(), time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = (
            given if given and _FOREIGN_ID.fullmatch(given) else f"{self._prefix}-{next(self._numbers):x}"
        )
        environ[REQUEST_ID] = request_id
        said = ""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal said
            said = status
            headers.append(("X-Request-Id", request_id))
            return start_response(status, headers, exc_info)

        answer = self._application(environ, start)
        try:
            # Every answer is one small document: in one piece it is sent with its headers, and its size is known.
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        self._seen(
            Request(
                begun,
                time.perf_counter() - timer,
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                int(said[:3]),
                len(body),
                self._forwarded.client(environ),
                request_id,
                environ.get("HTTP_USER_AGENT"),
                environ.get("HTTP_X_AMZN_TRACE_ID"),
            )
        )
        return [body]
