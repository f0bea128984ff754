"""Requests to the emulated names: `*.localhost` is resolved by browsers, not by Python."""

from urllib.parse import urlsplit

import httpx

from local.ports import LOOPBACK


def request(method: str, url: str, *, seconds: float = 10) -> httpx.Response:
    """Send a request to `url` at 127.0.0.1, its host name in the Host header, as a browser would.

    Redirects are not followed. Raises `httpx.TransportError` when nothing answers.
    """
    parts = urlsplit(url)
    connect = parts._replace(netloc=f"{LOOPBACK}:{parts.port or 80}").geturl()
    with httpx.Client(trust_env=False, timeout=seconds) as client:
        return client.request(method, connect, headers={"host": parts.netloc})
