"""Log lines as JSON, one object per line: requests on stdout, everything else on stderr."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn ships no types

# Asked every few seconds by the load balancer and the container engine, and of no interest while they work.
_HEALTH_PATHS = frozenset({"/healthz", "/readyz"})


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


class JsonLogger(Logger):  # type: ignore[misc]  # its base has no types
    """gunicorn's logger, writing JSON, with the fields of a request instead of a format string."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        application = logging.getLogger("visitor_counter")
        application.setLevel(self.loglevel)
        application.propagate = False
        application.handlers = list(self.error_log.handlers)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonFormatter())

    def access(
        self,
        resp: Any,
        req: Any,  # noqa: ARG002 - gunicorn's signature; what is logged stands in environ as well
        environ: Mapping[str, Any],
        request_time: timedelta,
    ) -> None:
        """Log one request; duration in milliseconds, size in bytes without the headers."""
        if environ.get("PATH_INFO") in _HEALTH_PATHS:
            return
        fields = {
            "method": environ.get("REQUEST_METHOD"),
            "path": environ.get("PATH_INFO"),
            "status": int(str(resp.status).split(None, 1)[0]),
            "duration_ms": round(request_time / timedelta(milliseconds=1), 1),
            "bytes": getattr(resp, "sent", None),
            "client": client_address(environ, self.cfg.forwarded_allow_networks()),
            "user_agent": environ.get("HTTP_USER_AGENT"),
            "trace_id": environ.get("HTTP_X_AMZN_TRACE_ID"),
        }
        self.access_log.info("request", extra={"fields": {k: v for k, v in fields.items() if v is not None}})


def client_address(environ: Mapping[str, Any], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """The client's address: the peer's, or what a trusted peer says it is.

    A load balancer appends the address that it saw to X-Forwarded-For, so only the last entry is its own
    word; the client could have written the others (AWS: "HTTP headers and Application Load Balancers").
    """
    peer = str(environ.get("REMOTE_ADDR", ""))
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        address = ip_address(peer)
        if any(address in network for network in trusted):
            return str(ip_address(forwarded))
    except ValueError:
        pass  # no address, or none that is one: the peer's word stands
    return peer
