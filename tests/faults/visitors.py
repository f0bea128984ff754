"""Visitors of a site while it is deployed: each opens a page and then fetches what it names, as a browser does."""

import http.client
import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_NAMED = re.compile(r'(?:href|src)="(/[^"]+)"')
_VERSION = re.compile(r"version-(\w+)")


@dataclass
class Seen:
    """What the visitors saw: complaints, pages by version, requests and the seconds that they took."""

    complaints: list[str] = field(default_factory=list)
    pages: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


@contextmanager
def visiting(url: str, paths: Sequence[str], *, visitors: int = 3, per_second: float = 300) -> Iterator[Seen]:
    """Keep visitors busy with `paths` while the block runs, at `per_second` requests all together.

    Each page must say its version as `version-<word>`, and so must all that it names. A page with something of
    another version, or an answer that is not 200, is a complaint.
    """
    seen, end, lock = Seen(), threading.Event(), threading.Lock()
    turns = itertools.cycle(paths)

    def visit() -> None:
        visitor = _Visitor(url)
        due = time.monotonic()
        while not end.is_set():
            with lock:
                path = next(turns)
            try:
                complaints, version, requests = visitor.visit(path)
            except (OSError, http.client.HTTPException) as error:
                complaints, version, requests = [f"{path}: {error!r}"], "none", 1
            with lock:
                seen.complaints += complaints
                seen.pages[version] += 1
                seen.requests += requests
            due = max(due + requests * visitors / per_second, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))
        visitor.close()

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(visitors)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        end.set()
        for thread in threads:
            thread.join(30)
        seen.seconds = time.monotonic() - begun


class _Visitor:
    """One browser: a connection and a cookie."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
        self._host, self._cookie = parts.netloc, ""

    def visit(self, path: str) -> tuple[list[str], str, int]:
        """Open a page and all that it names: complaints, the page's version, number of requests."""
        status, text = self._get(path)
        version = self._version(text)
        if status != 200:
            return [f"{path}: {status}"], version, 1
        complaints = []
        named = _NAMED.findall(text)
        for asset in named:
            status, content = self._get(asset)
            if status != 200 or self._version(content) != version:
                complaints.append(f"{path} is of version {version}, its {asset}: {status}, {content[:60]!r}")
        return complaints, version, 1 + len(named)

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _get(self, path: str) -> tuple[int, str]:
        headers = {"Host": self._host} | ({"Cookie": self._cookie} if self._cookie else {})
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        if given := answer.headers.get("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return answer.status, text

    @staticmethod
    def _version(text: str) -> str:
        found = _VERSION.search(text)
        return found[1] if found else "none"
