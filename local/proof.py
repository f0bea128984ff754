"""Nothing is said to be up before it was seen to work: the page is fetched and a visit is counted."""

from pathlib import Path

import httpx

from local.errors import LocalRunError
from local.web import request


def page_is_served(site_url: str, folder: Path) -> int:
    """Fetch the home page through the distribution; it must be the folder's own `index.html`.

    Returns its size in bytes; raises `LocalRunError` with what came instead.
    """
    expected = (folder / "index.html").read_bytes()
    answer = _ask("GET", site_url)
    if answer.status_code != 200 or answer.content != expected:
        raise LocalRunError(
            f"{site_url} answered {answer.status_code} with {len(answer.content)} bytes; expected 200 with the "
            f"{len(expected)} bytes of {folder / 'index.html'}: {answer.text[:200]!r}"
        )
    return len(expected)


def visit_is_counted(base_url: str) -> int:
    """Count one visit through `base_url` and read the count back; returns it. Raises `LocalRunError`."""
    url = base_url.rstrip("/") + "/api/visits"
    counted, read = _visits(_ask("POST", url), url), _visits(_ask("GET", url), url)
    if read < counted:
        raise LocalRunError(f"{url} counted visit {counted} and then read {read}")
    return counted


def _ask(method: str, url: str) -> httpx.Response:
    try:
        return request(method, url)
    except httpx.TransportError as error:
        raise LocalRunError(f"{method} {url}: {error or type(error).__name__}") from error


def _visits(answer: httpx.Response, url: str) -> int:
    try:
        if answer.status_code == 200:
            return int(answer.json()["visits"])
    except (ValueError, KeyError, TypeError):
        pass
    raise LocalRunError(
        f"{url} answered {answer.status_code}: {answer.text[:200]!r}; expected a visit's number"
    )
