"""CloudFront compresses what it serves, where the behaviour and its cache policy say so; ministack does not.

Conditions and effects: CloudFront developer guide, "Serve compressed files". Only gzip here; AWS prefers Brotli
where the viewer and the cache policy allow it.
"""

import gzip
from typing import Any

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE = "services.cloudfront"
_MIN_BYTES = 1_000
_MAX_BYTES = 10_000_000
_STATUS = (200, 403, 404)
_LEVEL = 6

_TYPES = frozenset(
    """
    application/dash+xml application/eot application/font application/font-sfnt application/javascript
    application/json application/opentype application/otf application/pdf application/pkcs7-mime
    application/protobuf application/rss+xml application/truetype application/ttf
    application/vnd.apple.mpegurl application/vnd.mapbox-vector-tile application/vnd.ms-fontobject
    application/wasm application/xhtml+xml application/xml application/x-font-opentype
    application/x-font-truetype application/x-font-ttf application/x-httpd-cgi application/x-javascript
    application/x-mpegurl application/x-opentype application/x-otf application/x-perl application/x-ttf
    font/eot font/opentype font/otf font/ttf image/svg+xml text/css text/csv text/html text/javascript
    text/js text/plain text/richtext text/tab-separated-values text/xml text/x-component text/x-java-source
    text/x-script vnd.apple.mpegurl
    """.split()  # noqa: SIM905 - a list literal would be sixty lines
)
"""The content types that CloudFront compresses, from the same page."""


def _accepts_gzip(accept_encoding: str) -> bool:
    for one in accept_encoding.lower().split(","):
        coding, _, weight = one.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def compressed(response: Response, accept_encoding: str) -> Response:
    """Return the response as CloudFront sends it to a viewer with this Accept-Encoding, gzip being enabled."""
    status, headers, body = response
    fields = {name.lower(): value for name, value in headers.items()}
    content_type = str(fields.get("content-type", "")).partition(";")[0].strip().lower()
    if (
        status not in _STATUS
        or content_type not in _TYPES
        or "content-encoding" in fields
        or not isinstance(body, bytes)
        or not _MIN_BYTES <= len(body) <= _MAX_BYTES
        or not _accepts_gzip(accept_encoding)
    ):
        return response
    changed: Headers = {
        name: value
        for name, value in headers.items()
        if name.lower() not in ("content-length", "etag", "accept-ranges", "vary")
    }
    if "etag" in fields:
        # The bytes differ from the origin's: the entity tag stays comparable, but no longer strongly.
        changed["Etag"] = f"W/{str(fields['etag']).removeprefix('W/')}"
    changed["Content-Encoding"] = "gzip"
    changed["Vary"] = f"{fields['vary']}, Accept-Encoding" if fields.get("vary") else "Accept-Encoding"
    return status, changed, gzip.compress(body, _LEVEL, mtime=0)


def _enabled(distribution: dict[str, Any], path: str) -> bool:
    parsed = internals.get(_MODULE, "parse_distribution_dataplane_config")(distribution)
    behavior = internals.get(_MODULE, "_match_behavior")(parsed, path)
    if not behavior or not behavior.get("compress"):  # see cdn_behaviors.py
        return False
    parameters = internals.get(_MODULE, "cache_policy_params")(behavior.get("cache_policy_id"))
    return bool(parameters and parameters.get("EnableAcceptEncodingGzip"))


def install() -> None:
    """Compress on the way out."""
    serve = internals.get(_MODULE, "handle_viewer_request")

    async def serve_compressed(
        dist: dict[str, Any],
        method: str,
        path: str,
        raw_uri: str,
        raw_query_string: str,
        headers: Headers,
        body: bytes,
        query_params: dict[str, Any],
        client_ip: str = "127.0.0.1",
    ) -> Response:
        condition = headers.get("if-none-match")
        if condition:
            # The origin knows strong entity tags only; CloudFront compares the weak ones it made itself.
            headers = {**headers, "if-none-match": str(condition).replace("W/", "")}
        response: Response = await serve(
            dist, method, path, raw_uri, raw_query_string, headers, body, query_params, client_ip
        )
        if method == "GET" and _enabled(dist, path):
            return compressed(response, str(headers.get("accept-encoding", "")))
        return response

    internals.replace(_MODULE, "handle_viewer_request", serve_compressed)
