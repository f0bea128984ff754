"""Prometheus metrics of all server processes together."""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from visitor_counter.counter import NAME
from visitor_counter.observation import Request

# The library's own switch: where its processes share what they count.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
# In memory, and there in a container whose root file system is read-only.
_MEMORY = Path("/dev/shm")  # noqa: S108 - tempfile makes a folder in it, for its owner alone

_PREFIX = "visitor-counter-metrics-"

# Seconds: from what one exchange with Redis takes to what a visitor calls slow.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0)
_ROUTES = frozenset(
    ("/", "/api/visits", "/badge.svg", "/healthz", "/readyz", "/metrics", "/openapi.json")
)  # fmt: skip
_NAMED_ROUTE = re.compile(rf"(/c/|/api/visits/){NAME.pattern}(/badge\.svg)?")


def shared_parent() -> Path:
    """Where the folders of `shared_folder` are made."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def shared_folder() -> AbstractContextManager[str]:
    """Where server processes to come share their metrics, until the block ends; call it before they start."""
    parent = shared_parent()
    for folder in parent.glob(f"{_PREFIX}*"):
        maker = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if maker.isdecimal() and not _lives(int(maker)):
            shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    made = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent)
    os.environ[_SHARED] = made.name
    return made


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def route_of(path: str) -> str:
    """A label for `path`, of which there are few: names are left out, and what is not ours is "other"."""
    if path in _ROUTES:
        return path
    named = _NAMED_ROUTE.fullmatch(path)
    return f"{named[1]}<name>{named[2] or ''}" if named else "other"


class Metrics:
    """What the requests came to: counted by this process, exposed for all of them."""

    def __init__(self) -> None:
        # Only now: the library looks at its switch when it is loaded.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._registry = CollectorRegistry()
        self._requests = Counter(
            "visitor_counter_requests",
            "Requests by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "visitor_counter_request_duration_seconds",
            "From a request's arrival to its answer, by route.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def observe(self, requests: Sequence[Request]) -> None:
        """Count `requests`."""
        for request in requests:
            route = route_of(request.path)
            self._requests.labels(request.method, route, str(request.status)).inc()
            self._seconds.labels(route).observe(request.seconds)

    def text(self) -> bytes:
        """The metrics of all processes, in Prometheus' text format (0.0.4)."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        if _SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
