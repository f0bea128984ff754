"""Keeps web pages of other sites away from the emulator's API.

The API takes any credentials, and a Lambda function runs programs on this machine. Every page that is open in a
browser here can send requests to 127.0.0.1, and by DNS rebinding even under its own host name. So the API answers
only to host names that mean this machine or AWS, and to no request that a browser marks as another site's.
Viewers' requests (distributions, load balancers, website endpoints) are not concerned: they are for browsers.
"""

from urllib.parse import urlsplit

_OWN_NAMES = ("127.0.0.1", "localhost", "host.docker.internal")
_OWN_ENDINGS = (".localhost", ".amazonaws.com", ".cloudfront.net", ".on.aws", ".api.aws")


def _is_own(host: str) -> bool:
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.lower()
    return not name or name in _OWN_NAMES or name.endswith(_OWN_ENDINGS)


def refusal(headers: dict[str, str]) -> str | None:
    """Return why the API does not answer a request with these (lower-case) header fields; None if it does."""
    host = headers.get("host", "")
    if not _is_own(host):
        return f"the host name {host!r} means neither this machine nor AWS"
    origin = headers.get("origin")
    if origin is not None and not _is_own(urlsplit(origin).netloc or "null"):
        return f"the request comes from a page of {origin!r}"
    if headers.get("sec-fetch-site") == "cross-site":
        return "the request comes from a page of another site"
    return None
