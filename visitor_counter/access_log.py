"""The log of requests: JSON, one object per line, on stdout."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime

from visitor_counter.observation import Request

# Asked every few seconds by whoever watches over the process, and of no interest while they work.
_UNLOGGED = frozenset({"/healthz", "/readyz", "/metrics"})


class AccessLog:
    """Writes the lines of many requests at once to a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pid = os.getpid()

    def write(self, requests: Sequence[Request]) -> None:
        """Write a line for each, health checks left out. Raises OSError if they cannot be written."""
        lines = [self._line(request) for request in requests if request.path not in _UNLOGGED]
        text = memoryview("".join(lines).encode())
        while text:
            text = text[os.write(self._descriptor, text) :]

    def _line(self, request: Request) -> str:
        line = {
            "time": datetime.fromtimestamp(request.begun, UTC).isoformat(timespec="milliseconds"),
            "level": "info",
            "logger": "visitor_counter.requests",
            "pid": self._pid,
            "message": "request",
            "method": request.method,
            # WSGI has the path's bytes as Latin-1 (PEP 3333, "Unicode Issues").
            "path": request.path.encode("latin-1").decode(errors="replace"),
            "status": request.status,
            "duration_ms": round(request.seconds * 1000, 1),
            "bytes": request.size,
            "client": request.client,
            "request_id": request.request_id,
        }
        if request.user_agent is not None:
            line["user_agent"] = request.user_agent
        if request.trace_id is not None:
            line["trace_id"] = request.trace_id
        return json.dumps(line) + "\n"
