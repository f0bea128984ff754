"""What a viewer gets compressed is what CloudFront would compress."""

import gzip

import pytest

from local.emulator.compression import compressed
from local.emulator.internals import Response

LONG = b"a line of text\n" * 100


def _response(**changes: object) -> Response:
    headers = {"Content-Type": "text/css", "Content-Length": str(len(LONG)), "Etag": '"abc"'}
    headers.update({name: str(value) for name, value in changes.items() if name not in ("status", "body")})
    body = changes.get("body", LONG)
    status = changes.get("status", 200)
    assert isinstance(body, bytes)
    assert isinstance(status, int)
    return status, headers, body


def test_text_is_compressed_and_says_so() -> None:
    status, headers, body = compressed(_response(), "br, gzip")
    assert (status, gzip.decompress(body)) == (200, LONG)
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Etag"] == 'W/"abc"'
    assert "Content-Length" not in headers


def test_the_same_bytes_each_time() -> None:
    assert compressed(_response(), "gzip")[2] == compressed(_response(), "gzip")[2]


@pytest.mark.parametrize(
    ("response", "accepted"),
    [
        (_response(), ""),
        (_response(), "br"),
        (_response(), "gzip;q=0"),
        (_response(body=b"short"), "gzip"),
        (_response(body=b"x" * 10_000_001), "gzip"),
        (_response(**{"Content-Type": "image/png"}), "gzip"),
        (_response(**{"Content-Encoding": "br"}), "gzip"),
        (_response(status=206), "gzip"),
    ],
    ids=["not asked", "brotli only", "refused", "short", "long", "picture", "encoded already", "range"],
)
def test_everything_else_is_left_alone(response: Response, accepted: str) -> None:
    assert compressed(response, accepted) is response


def test_charset_does_not_matter() -> None:
    assert "Content-Encoding" in compressed(_response(**{"Content-Type": "text/html; charset=utf-8"}), "*")[1]
