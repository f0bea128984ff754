"""/api/visits and /api/visits/<name>: the counts as JSON, for scripts and for pages of other sites.

A WSGI application beside Flask's and not a view of it: two routes that need nothing of a framework. Counting and
logging included they cost little more than a view that does nothing (docs/decisions/0011).
"""

import json
import logging
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from visitor_counter.counter import NAME, Counters, CounterUnavailableError, NoRoomError
from visitor_counter.errors import RETRY_AFTER_SECONDS, text_of
from visitor_counter.prefetch import is_prefetch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

PATH = "/api/visits"
_METHODS = "GET, HEAD, OPTIONS, POST"
_PREFLIGHT_SECONDS = 7200  # as long as browsers keep it: Fetch Standard, "CORS-preflight cache"


class VisitsApi:
    """POST counts a visit and answers its number, GET reads: {"visits": N}. Errors are {"error": "..."}.

    `origins`: whose pages may read the answers ("*": everybody's). Those of the same origin always may.
    """

    def __init__(self, counters: Counters, origins: Sequence[str]) -> None:
        self._counters = counters
        self._origins = frozenset(origins)

    @staticmethod
    def takes(path: str) -> bool:
        """Whether requests for `path` are for this application."""
        return path == PATH or path.startswith(f"{PATH}/")

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """See PEP 3333."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        try:
            status, body = self._answer(method, None if path == PATH else path[len(PATH) + 1 :], environ)
        except Exception:  # what Flask does for its views
            log.exception("%s %r failed", method, path)
            status, body = _error(HTTPStatus.INTERNAL_SERVER_ERROR)
        headers = self._cors(environ) if self._origins else []
        if status in (HTTPStatus.NO_CONTENT, HTTPStatus.METHOD_NOT_ALLOWED):
            headers.append(("Allow", _METHODS))
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
        if body:
            headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(_LINES[status], headers)
        return [] if method == "HEAD" else [body]

    def _answer(self, method: str, name: str | None, environ: "WSGIEnvironment") -> tuple[HTTPStatus, bytes]:
        if name is not None and not NAME.fullmatch(name):
            return _error(HTTPStatus.NOT_FOUND)
        try:
            if method == "POST":
                if is_prefetch(environ):
                    return _error(HTTPStatus.FORBIDDEN)
                number = self._counters.count(name)
            elif method in ("GET", "HEAD"):
                number = self._counters.read(name)
            elif method == "OPTIONS":
                return HTTPStatus.NO_CONTENT, b""
            else:
                return _error(HTTPStatus.METHOD_NOT_ALLOWED)
        except CounterUnavailableError:
            return _error(HTTPStatus.SERVICE_UNAVAILABLE)
        except NoRoomError:
            return _error(HTTPStatus.NOT_FOUND)
        return HTTPStatus.OK, b'{"visits":%d}\n' % number

    def _cors(self, environ: "WSGIEnvironment") -> list[tuple[str, str]]:
        """Fetch Standard, "HTTP responses"; nothing is sent that an ordinary form could not send, so any site can
        count, allowed or not, and only reading the answer is the browser's to forbid."""
        origin = environ.get("HTTP_ORIGIN", "")
        everybody = "*" in self._origins
        headers = [] if everybody else [("Vary", "Origin")]
        if everybody or origin in self._origins:
            headers.append(("Access-Control-Allow-Origin", "*" if everybody else origin))
            if environ["REQUEST_METHOD"] == "OPTIONS":
                headers += [
                    ("Access-Control-Allow-Methods", "GET, POST"),
                    ("Access-Control-Max-Age", str(_PREFLIGHT_SECONDS)),
                ]
        return headers


_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}


def _error(status: HTTPStatus) -> tuple[HTTPStatus, bytes]:
    return status, json.dumps({"error": text_of(status)}).encode() + b"\n"
