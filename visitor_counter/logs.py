"""The log of everything but requests: JSON, one object per line, on stderr."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from flask import has_request_context, request

from visitor_counter.observation import REQUEST_ID


class JsonFormatter(logging.Formatter):
    """One JSON object per record: time (UTC, ISO 8601), level, logger, pid, message, and the request's id."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        if has_request_context() and REQUEST_ID in request.environ:
            line["request_id"] = request.environ[REQUEST_ID]
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
