"""What each route answers, on a real Redis."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from local.redis_server import HOST
from visitor_counter.app import create_app
from visitor_counter.config import Config
from visitor_counter.counter import VISITS_KEY

PREFETCHES = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Sec-Purpose": "prefetch;anonymous-client-ip"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
]


class Page(HTMLParser):
    """The text of a page's title and body, and every address that it refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: dict[str, str] = {}
        self.addresses: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")
        ]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.text[tag] = self.text.get(tag, "") + data


def test_the_page_counts(client: FlaskClient) -> None:
    for expected in ("1st", "2nd", "3rd", "4th"):
        answer = client.get("/")
        assert answer.status_code == 200
        assert answer.content_type == "text/html; charset=utf-8"
        page = Page(answer.text)
        assert page.text["title"] == f"You're the {expected} visitor"
        assert page.text["h1"] == f"You're the {expected} visitor"


@pytest.mark.parametrize(("before", "expected"), [(10, "11th"), (11, "12th"), (20, "21st"), (110, "111th")])
def test_the_page_goes_on_from_what_redis_holds(
    client: FlaskClient, redis_client: redis.Redis, before: int, expected: str
) -> None:
    redis_client.set(VISITS_KEY, before)
    assert f"<title>You're the {expected} visitor</title>" in client.get("/").text


def test_the_interface_counts_and_reads(client: FlaskClient) -> None:
    assert client.get("/api/visits").json == {"visits": 0}
    assert client.post("/api/visits").json == {"visits": 1}
    assert client.post("/api/visits").json == {"visits": 2}
    assert client.get("/api/visits").json == {"visits": 2}
    assert client.get("/api/visits").json == {"visits": 2}
    assert "3rd" in client.get("/").text


def test_head_does_not_count(client: FlaskClient) -> None:
    answer = client.head("/")
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Content-Length" not in answer.headers
    assert client.get("/api/visits").json == {"visits": 0}


@pytest.mark.parametrize("headers", PREFETCHES)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/api/visits")])
def test_a_prefetch_is_refused_and_does_not_count(
    client: FlaskClient, method: str, path: str, headers: dict[str, str]
) -> None:
    assert client.open(path, method=method, headers=headers).status_code == 403
    assert client.get("/api/visits").json == {"visits": 0}


def test_another_purpose_counts(client: FlaskClient) -> None:
    assert client.get("/", headers={"Sec-Purpose": "other", "Purpose": ""}).status_code == 200


def test_health_checks_do_not_count(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}
    assert client.get("/api/visits").json == {"visits": 0}


def test_readiness_leaves_nothing_for_ever(client: FlaskClient, redis_client: redis.Redis) -> None:
    client.get("/readyz")
    assert [0 < redis_client.ttl(key) <= 60 for key in redis_client.scan_iter()] == [True]


def test_readiness_writes(client: FlaskClient, redis_client: redis.Redis) -> None:
    """A replica answers PING and GET; only a write tells it from a primary."""
    redis_client.replicaof(HOST, 1)
    try:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.post("/api/visits").status_code == 503
    finally:
        redis_client.replicaof("NO", "ONE")
    assert client.post("/api/visits").json == {"visits": 1}
    assert client.get("/readyz").status_code == 200


def test_a_full_redis_is_no_crash(client: FlaskClient, redis_client: redis.Redis) -> None:
    redis_client.config_set("maxmemory", 1)
    try:
        answer = client.get("/")
        assert answer.status_code == 503
        assert "OOM" not in answer.text
    finally:
        redis_client.config_set("maxmemory", 0)
    assert "1st" in client.get("/").text


def test_a_key_that_holds_no_number_is_no_crash(client: FlaskClient, redis_client: redis.Redis) -> None:
    redis_client.set(VISITS_KEY, "<script>")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "<script>" not in answer.text


def test_unknown_addresses_and_methods(client: FlaskClient) -> None:
    assert "Nothing here" in client.get("/nowhere").text
    assert client.get("/nowhere").status_code == 404
    assert client.get("/api/nowhere").json == {
        "error": "This address has no page. The counter is one step away."
    }
    answer = client.delete("/api/visits")
    assert answer.status_code == 405
    assert {method.strip() for method in answer.headers["Allow"].split(",")} == {
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
    }


def test_nothing_of_the_request_is_reflected(client: FlaskClient) -> None:
    for path in ("/<script>alert(1)</script>", "/%3Cimg%20src=x%3E", "/?q=<b>", "/api/%22%3E"):
        answer = client.get(path, headers={"User-Agent": "<i>", "X-Forwarded-Host": "evil.example"})
        assert not re.search(r"alert|<img|<b>|<i>|evil\.example", answer.text)


def test_without_redis_a_friendly_503(free_port: Callable[[], int]) -> None:
    unused_port = free_port()
    config = Config(redis_host=HOST, redis_port=unused_port, redis_password="hunter2")
    client = create_app(config).test_client()
    for method, path in (("GET", "/"), ("POST", "/api/visits"), ("GET", "/api/visits"), ("GET", "/readyz")):
        answer = client.open(path, method=method)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "try again" in answer.text
        for inside in (HOST, str(unused_port), "hunter2", "Redis", "Traceback", "Error 111", "refused"):
            assert inside not in answer.text
    assert client.get("/healthz").status_code == 200
    assert client.head("/").status_code == 200
    assert client.get("/").content_type.startswith("text/html")
    assert client.post("/api/visits").is_json


def test_an_unexpected_failure_shows_nothing(app: Flask) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("the inside")

    app.logger.disabled = True
    answer = app.test_client().get("/broken")
    app.logger.disabled = False
    assert answer.status_code == 500
    assert "the inside" not in answer.text
    assert "our fault" in answer.text


@pytest.mark.parametrize("path", ["/", "/api/visits", "/healthz", "/readyz", "/nowhere", "/api/nowhere"])
def test_no_answer_is_cached_or_sniffed(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


def test_https_is_kept(client: FlaskClient) -> None:
    headers = client.get("/", base_url="https://counter.example").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_a_page_needs_nothing_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    page = Page(answer.text)
    assert all(address == "/" or address.startswith("data:") for address in page.addresses)
    assert "url(" not in page.text["style"]
    assert "@import" not in page.text["style"]
    digest = base64.b64encode(hashlib.sha256(page.text["style"].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert 'lang="en"' in answer.text
    assert "width=device-width" in answer.text
