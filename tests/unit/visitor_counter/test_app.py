"""What each route answers, on a real Redis."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from local.redis_server import HOST, RedisServer
from visitor_counter.app import create_app
from visitor_counter.config import Config
from visitor_counter.counter import NAME, NAMED_KEY, VISITS_KEY
from visitor_counter.metrics import Metrics
from visitor_counter.observation import Request

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


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/api/visits"), ("POST", "/api/visits")])
def test_a_key_that_holds_no_number_is_no_crash(
    client: FlaskClient, redis_client: redis.Redis, method: str, path: str
) -> None:
    redis_client.set(VISITS_KEY, "<script>")
    answer = client.open(path, method=method)
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


# --- counters by name --------------------------------------------------------------------------------------


def test_each_name_has_a_count_of_its_own(client: FlaskClient) -> None:
    assert "1st" in client.get("/c/blog").text
    assert client.post("/api/visits/blog").json == {"visits": 2}
    assert client.post("/api/visits/shop").json == {"visits": 1}
    assert client.get("/api/visits/blog").json == {"visits": 2}
    assert client.get("/api/visits").json == {"visits": 0}
    page = Page(client.get("/c/blog").text)
    assert page.text["h1"] == "You're the 3rd visitor of blog"
    assert page.addresses[-1] == "/c/blog"


def test_reading_makes_no_counter(client: FlaskClient, redis_client: redis.Redis) -> None:
    assert client.get("/api/visits/blog").json == {"visits": 0}
    assert "0" in client.get("/c/blog/badge.svg").text
    assert client.head("/c/blog").status_code == 200
    assert client.get("/c/blog", headers={"Sec-Purpose": "prefetch"}).status_code == 403
    assert redis_client.hlen(NAMED_KEY) == 0


@pytest.mark.parametrize(
    "name",
    ["Blog", "a" * 65, "-a", "a-", "a_b", "a.b", "%3Cb%3E", "a%00", "a%0Ab", "%C3%A4", "a/b", "..", "%20"],
)
def test_a_name_that_is_none_is_not_found(client: FlaskClient, redis_client: redis.Redis, name: str) -> None:
    for method, path in (("GET", "/c/{}"), ("GET", "/c/{}/badge.svg"), ("POST", "/api/visits/{}")):
        assert client.open(path.format(name), method=method).status_code == 404, path
    assert redis_client.hlen(NAMED_KEY) == 0


def test_there_is_room_for_so_many_names_and_no_more(
    redis_server: RedisServer, redis_client: redis.Redis
) -> None:
    config = Config(redis_host=HOST, redis_port=redis_server.port, max_counters=2)
    one, other = (create_app(config).test_client() for _ in range(2))
    assert [one.post(f"/api/visits/{name}").status_code for name in "abc"] == [200, 200, 404]
    assert [other.post(f"/api/visits/{name}").status_code for name in "dba"] == [404, 200, 200]
    assert "Nothing here" in one.get("/c/e").text
    assert redis_client.hgetall(NAMED_KEY) == {"a": "2", "b": "2"}
    assert one.post("/api/visits").json == {"visits": 1}


# --- badge ---------------------------------------------------------------------------------------------------


def test_a_badge_shows_the_count_and_does_not_count(client: FlaskClient, redis_client: redis.Redis) -> None:
    redis_client.set(VISITS_KEY, 1234567)
    for _ in range(2):
        answer = client.get("/badge.svg")
        assert answer.content_type.startswith("image/svg+xml")
        image = ElementTree.fromstring(answer.text)  # noqa: S314 - our own
        assert image.get("aria-label") == "visitors: 1,234,567"
        texts = [element.text for element in image.iter("{http://www.w3.org/2000/svg}text")]
        assert texts == ["visitors", "1,234,567"]
        assert "style" not in answer.text, "the policy that it comes with lets no style through"
    assert redis_client.get(VISITS_KEY) == "1234567"


def test_a_badge_may_be_shown_anywhere_and_a_page_may_not(client: FlaskClient) -> None:
    policy = "Cross-Origin-Resource-Policy"
    assert client.get("/badge.svg").headers.getlist(policy) == ["cross-origin"]
    assert client.get("/c/blog/badge.svg").headers.getlist(policy) == ["cross-origin"]
    assert client.get("/").headers.getlist(policy) == ["same-origin"]
    assert client.get("/api/visits").headers.getlist(policy) == ["same-origin"]


# --- other sites -----------------------------------------------------------------------------------------------


def allowed(answer: TestResponse) -> str | None:
    return answer.headers.get("Access-Control-Allow-Origin")


def test_no_other_site_may_read_by_default(client: FlaskClient) -> None:
    asking = {"Origin": "https://example.org"}
    assert allowed(client.post("/api/visits", headers=asking)) is None
    preflight = client.options("/api/visits", headers={**asking, "Access-Control-Request-Method": "POST"})
    assert (preflight.status_code, allowed(preflight)) == (204, None)


@pytest.mark.parametrize(
    ("setting", "origin", "expected"),
    [
        (("https://example.org",), "https://example.org", "https://example.org"),
        (("https://example.org",), "https://example.org.evil.example", None),
        (("https://example.org",), "null", None),
        (("https://a.example", "https://b.example"), "https://b.example", "https://b.example"),
        (("*",), "https://anybody.example", "*"),
    ],
)
def test_who_may_read_is_a_setting(
    redis_server: RedisServer,
    redis_client: redis.Redis,
    setting: tuple[str, ...],
    origin: str,
    expected: str | None,
) -> None:
    assert redis_client.ping()
    config = Config(redis_host=HOST, redis_port=redis_server.port, cors_allow_origins=setting)
    client = create_app(config).test_client()
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        client.post("/api/visits", headers=asking),
        client.get("/api/visits/blog", headers=asking),
        client.options("/api/visits", headers=asking),
    ):
        assert allowed(answer) == expected
        assert answer.headers.get("Vary") == (None if setting == ("*",) else "Origin")
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert allowed(client.get("/", headers=asking)) is None, "pages are nobody else's"


# --- description and metrics -------------------------------------------------------------------------------------


def test_the_description_has_every_route(app: Flask, client: FlaskClient) -> None:
    described = client.get("/openapi.json").json
    assert described
    routes = {re.sub(r"<(\w+)>", r"{\1}", str(rule)) for rule in app.url_map.iter_rules()}
    assert set(described["paths"]) == routes | {"/api/visits", "/api/visits/{name}"}
    pattern = described["paths"]["/c/{name}"]["parameters"][0]["schema"]["pattern"]
    assert re.sub(r"[\^$]", "", pattern) == NAME.pattern.replace("?:", "")


def test_metrics_have_few_labels_whatever_is_asked_for() -> None:
    metrics = Metrics()
    paths = [
        "/",
        "/api/visits",
        "/c/blog",
        "/c/shop",
        "/c/shop/badge.svg",
        *(f"/{n}<script>" for n in range(50)),
    ]
    metrics.observe([seen(path) for path in paths])
    text = metrics.text().decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    counted = {
        sample.labels["route"]: sample.value
        for sample in families["visitor_counter_requests"].samples
        if sample.name.endswith("_total")
    }
    assert counted == {"/": 1, "/api/visits": 1, "/c/<name>": 2, "/c/<name>/badge.svg": 1, "other": 50}
    assert "script" not in text


def test_metrics_are_not_for_who_comes_through_a_load_balancer(client: FlaskClient) -> None:
    assert client.get("/metrics").content_type.startswith("text/plain")
    for path in ("/metrics", "/%6Detrics"):
        assert client.get(path, headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def seen(path: str) -> Request:
    return Request(0.0, 0.002, "GET", path, 200, 10, HOST, "id", None, None)
