"""Log lines as JSON, one object per line: requests on stdout, everything else on stderr."""

import json
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from visitor_counter.forwarded import Forwarded

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Asked every few seconds by the load balancer and the container engine, and of no interest while they work.
_HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
_LOGGED_HEADERS = (("user_agent", "HTTP_USER_AGENT"), ("trace_id", "HTTP_X_AMZN_TRACE_ID"))


class JsonFormatter(logging.Formatter):
    """One JSON object per record: time (UTC, ISO 8601), level, logger, pid, message; `fields` beside them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _is_no_advice_on_threads(record: logging.LogRecord) -> bool:
    """granian warns of more Python threads than twice the cores; these wait for Redis, and for each other."""
    return "Python threads" not in record.msg


def configuration(level: str) -> dict[str, Any]:
    """The logging of server and application, but for requests (logging.config's dictionary)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "filters": {"threads": {"()": lambda: _is_no_advice_on_threads}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "json",
            }
        },
        "loggers": {
            "_granian": {"handlers": ["stderr"], "propagate": False, "filters": ["threads"]},
            "visitor_counter": {"handlers": ["stderr"], "level": level.upper(), "propagate": False},
        },
    }


class Lines:
    """Writes lines to a file descriptor, for many threads: those that come during one write go with the next.

    A line is written whole, by its own thread or by one that is just writing, which nobody waits for.
    """

    _MOST = 1000  # lines that may be left to another thread; beyond, whoever reads them is too slow: wait

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: deque[bytes] = deque()
        self._writing = threading.Lock()

    def write(self, line: bytes) -> None:
        """Write `line`, which ends with a line break."""
        self._lines.append(line)
        # Again after each write: a line that came before its end was left to this thread.
        while self._lines and self._writing.acquire(blocking=len(self._lines) > self._MOST):
            try:
                text = memoryview(b"".join(self._lines.popleft() for _ in range(len(self._lines))))
                while text:
                    text = text[os.write(self._descriptor, text) :]
            finally:
                self._writing.release()


class RequestLog:
    """WSGI middleware that logs each request once it is answered; of health checks, nothing."""

    def __init__(self, application: "WSGIApplication", forwarded: Forwarded) -> None:
        self._application = application
        self._forwarded = forwarded
        self._pid = os.getpid()
        self._lines = Lines(sys.stdout.fileno())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        begun = time.perf_counter()
        said = ""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal said
            said = status
            return start_response(status, headers, exc_info)

        answer = self._application(environ, start)
        try:
            # Every answer is one small page: in one piece it is sent with its headers, and its size is known.
            body = b"".join(answer)
        finally:
            if close := getattr(answer, "close", None):
                close()
        if environ["PATH_INFO"] not in _HEALTH_PATHS:
            self._log(environ, said, time.perf_counter() - begun, len(body))
        return [body]

    def _log(self, environ: "WSGIEnvironment", status: str, seconds: float, size: int) -> None:
        """Duration in milliseconds, size in bytes without the headers."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": "info",
            "logger": "visitor_counter.requests",
            "pid": self._pid,
            "message": "request",
            "method": environ["REQUEST_METHOD"],
            # WSGI has the path's bytes as Latin-1 (PEP 3333, "Unicode Issues").
            "path": environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
            "status": int(status[:3]),
            "duration_ms": round(seconds * 1000, 1),
            "bytes": size,
            "client": self._forwarded.client(environ),
        }
        for name, variable in _LOGGED_HEADERS:
            if variable in environ:
                line[name] = environ[variable]
        self._lines.write(json.dumps(line).encode() + b"\n")
