"""The CloudFront Functions, executed by Node: which object of which version a URL asks for."""

import json
import subprocess
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from stacks.site_hosting.distribution import viewer_request
from stacks.site_hosting.fallback import asked
from stacks.site_hosting.publisher.manifest import File, Version, object_key
from stacks.site_hosting.publisher.pointer import MAX_CHANGED, path_hash, value
from stacks.site_hosting.rules.urls import TrailingSlash, canonical, file_of

EDGE = Path(__file__).resolve().parents[3] / "stacks" / "site_hosting" / "edge"
VIEWER_RESPONSE = (EDGE / "viewer_response.js").read_text()
BASE, LIVE, GONE = "20260101T000000Z-00000000", "20260102T000000Z-11111111", "20250101T000000Z-22222222"
WHOLE = {"live": f"{LIVE} {LIVE}", LIVE: f"{LIVE} {LIVE}", BASE: f"{BASE} {BASE}"}
# Reads {code, store, requests} from standard input and prints what `handler` makes of each request, and how
# often it read the store, which is what is in `store`: the KeyValueStore cannot be had outside of an edge.
HARNESS = """
const {code, store, events} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
let reads = 0;
const cf = {kvs: () => ({get: async (key) => {
  reads++;
  if (!(key in store)) throw new Error('KeyNotFound');
  return store[key];
}})};
const handler = new Function('cf', code.replace("import cf from 'cloudfront';", '') + '; return handler;')(cf);
(async () => {
  const results = [];
  for (const event of events) {
    reads = 0;
    const result = await handler(event);
    results.push({result, reads});
  }
  console.log(JSON.stringify(results));
})();
"""
CLEAN_URLS = {
    "/": "/index.html",
    "/index.html": "/index.html",
    "/about": "/about.html",
    "/about.html": "/about.html",
    "/about/": "/about/index.html",
    "/docs/": "/docs/index.html",
    "/docs/setup": "/docs/setup.html",
    "/docs/v1.2/": "/docs/v1.2/index.html",
    "/docs/v1.2/setup": "/docs/v1.2/setup.html",
    "/css/site.css": "/css/site.css",
    "/js/app.min.js": "/js/app.min.js",
    "/favicon.ico": "/favicon.ico",
    "/archive.tar.gz": "/archive.tar.gz",
    "/caf%C3%A9": "/caf%C3%A9.html",
    "/a%20b": "/a%20b.html",
    "/.well-known/security.txt": "/.well-known/security.txt",
    "/.well-known/apple-app-site-association": "/.well-known/apple-app-site-association",
    "//": "//index.html",
    "/docs//": "/docs//index.html",
    "/..": "/..",
}
SINGLE_PAGE = {
    "/": "/index.html",
    "/index.html": "/index.html",
    "/orders": "/index.html",
    "/orders/": "/index.html",
    "/orders/17": "/index.html",
    "/v1.2/orders": "/index.html",
    "/assets/app.js": "/assets/app.js",
    "/assets/missing.png": "/assets/missing.png",
    "/favicon.ico": "/favicon.ico",
    "/.well-known/apple-app-site-association": "/.well-known/apple-app-site-association",
}


def run(code: str, events: list[dict[str, Any]], store: dict[str, str]) -> list[dict[str, Any]]:
    """What the function returns for each event, and its reads of the store."""
    ran = subprocess.run(
        ["node", "-e", HARNESS],
        input=json.dumps({"code": code, "store": store, "events": events}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: list[dict[str, Any]] = json.loads(ran.stdout)
    return answer


def request(uri: str, **changes: Any) -> dict[str, Any]:
    """The event of a viewer request."""
    plain = {"method": "GET", "uri": uri, "querystring": {}, "headers": {}, "cookies": {}}
    return {"version": "1.0", "request": plain | changes}


def pinned(uri: str, version: str, **changes: Any) -> dict[str, Any]:
    """The event of a request with a version's cookie."""
    return request(uri, cookies={"site-version": {"value": version}}, **changes)


@pytest.mark.parametrize(("routing", "table"), [("clean-urls", CLEAN_URLS), ("spa", SINGLE_PAGE)])
def test_url_becomes_key(routing: Any, table: dict[str, str]) -> None:
    found = run(viewer_request(routing), [request(uri) for uri in table], WHOLE)
    keys = {
        uri: one["result"]["uri"].removeprefix(f"/versions/{LIVE}")
        for uri, one in zip(table, found, strict=True)
    }
    assert keys == table
    assert {one["reads"] for one in found} == {1}


def test_the_rest_of_the_request_is_passed_on() -> None:
    event = request(
        "/app.js",
        method="HEAD",
        querystring={"q": {"value": "1"}},
        headers={"host": {"value": "example.org"}},
    )
    (found,) = run(viewer_request("clean-urls"), [event], WHOLE)
    told = found["result"]["headers"].pop(asked.ASKED)
    assert {**found["result"], "uri": ""} == {**event["request"], "uri": ""}
    assert asked.read(told["value"]) == (LIVE, "/app.js")


def test_the_fallback_is_told_the_version_and_nobody_can_forge_it() -> None:
    forged = {asked.ASKED: {"value": f"{GONE} /secret"}}
    events = [
        request("/caf%C3%A9 x/", headers=dict(forged)),
        pinned("/a.js", BASE, headers=dict(forged)),
        pinned("/a", BASE, headers=dict(forged)),
    ]
    found = [one["result"]["headers"] for one in run(viewer_request("clean-urls"), events, WHOLE)]
    told = [asked.read(each[asked.ASKED]["value"]) for each in found]
    assert told == [(LIVE, "/caf%C3%A9 x/"), (BASE, "/a.js"), (LIVE, "/a")]


@pytest.mark.parametrize("value", ["", "nonsense", f"{LIVE}", f"{LIVE} about", f"x{LIVE} /"])
def test_what_the_edge_did_not_write_is_no_version(value: str) -> None:
    assert asked.read(value) == ("", "/")


SLASHES = [
    *("/", "/about", "/about/", "/about//", "/docs/v1.2", "/docs/v1.2/", "/x.js", "/x.js/", "/.well-known/a"),
    *(
        "/.well-known/a/",
        "//example.org",
        "//example.org/",
        "///a",
        "//",
        "/caf%C3%A9",
        "/a.b/c",
        "/a.b/c/",
        "/\\\\example/",
        "/\\\\/x",
        "/\\\\",
    ),
]


@pytest.mark.parametrize("policy", ["by-file", "always", "never"])
def test_both_sides_have_one_canonical_path(policy: TrailingSlash) -> None:
    """And no redirect leads to another host: what the edge redirects to begins with one slash."""
    found = run(viewer_request("clean-urls", None, policy), [request(uri) for uri in SLASHES], WHOLE)
    for uri, one in zip(SLASHES, found, strict=True):
        wanted = canonical(uri, policy)
        if wanted == uri:
            assert one["result"]["uri"].startswith(f"/versions/{LIVE}/"), uri
        else:
            location = one["result"]["headers"]["location"]["value"]
            assert (one["result"]["statusCode"], location, one["reads"]) == (301, wanted, 0)
            assert not location.startswith("//")
            assert canonical(wanted, policy) == wanted, "one redirect, not two"


def test_a_redirect_to_the_other_form_keeps_the_query() -> None:
    query = {"a": {"value": "1"}, "b": {"value": ""}}
    (found,) = run(viewer_request("clean-urls", None, "never"), [request("/a/", querystring=query)], WHOLE)
    assert found["result"]["headers"]["location"]["value"] == "/a?a=1&b"


def test_pages_are_live_and_what_they_name_is_of_their_version() -> None:
    events = [
        pinned("/", BASE),
        pinned("/about", BASE),
        pinned("/css/site.css", BASE),
        request("/css/site.css"),
    ]
    found = run(viewer_request("clean-urls"), events, WHOLE)
    assert [one["result"]["uri"].split("/")[2] for one in found] == [LIVE, LIVE, BASE, LIVE]
    assert {one["reads"] for one in found} == {1}


def test_a_page_tells_its_version_to_the_response_and_nobody_else_can() -> None:
    forged = {"x-site-page": {"value": GONE}}
    events = [request("/", headers=dict(forged)), request("/app.js", headers=dict(forged))]
    page, script = run(viewer_request("clean-urls"), events, WHOLE)
    assert page["result"]["headers"]["x-site-page"] == {"value": LIVE}
    assert "x-site-page" not in script["result"]["headers"]


def test_a_version_that_is_not_kept_any_more_is_let_go() -> None:
    """The browser asks again, without the cookie: one read per request even then."""
    query = {
        "a": {"value": "1"},
        "b": {"value": ""},
        "c": {"value": "x", "multiValue": [{"value": "x"}, {"value": "y"}]},
    }
    (found,) = run(viewer_request("clean-urls"), [pinned("/img/a%20b.png", GONE, querystring=query)], WHOLE)
    assert found["result"]["statusCode"] == 307
    assert found["result"]["headers"]["location"]["value"] == "/img/a%20b.png?a=1&b&c=x&c=y"
    assert "Max-Age=0" in found["result"]["cookies"]["site-version"]["attributes"]
    assert found["reads"] == 1


@pytest.mark.parametrize("cookie", ["", "live", "../../manifests", f"{BASE}x", "20260101T000000Z-0000000g"])
def test_a_cookie_that_is_no_version_is_passed_over(cookie: str) -> None:
    (found,) = run(viewer_request("clean-urls"), [pinned("/app.js", cookie)], WHOLE)
    assert found["result"]["uri"] == f"/versions/{LIVE}/app.js"


def test_before_the_first_deploy_it_is_unavailable() -> None:
    (found,) = run(viewer_request("clean-urls"), [request("/")], {})
    assert (found["result"]["statusCode"], found["result"]["headers"]["retry-after"]["value"]) == (503, "30")


def test_a_plus_sign_is_no_space_to_s3() -> None:
    (found,) = run(viewer_request("clean-urls"), [request("/c++.html")], WHOLE)
    assert found["result"]["uri"] == f"/versions/{LIVE}/c%2B%2B.html"


# Paths as a browser sends them, and as S3 has them.
PATHS = {
    "/index.html": "index.html",
    "/a%20b.html": "a b.html",
    "/%C3%BCn%C3%AF/c%C3%B6de.css": "ünï/cöde.css",
    "/100%25.txt": "100%.txt",
    "/c++.txt": "c++.txt",
    "/c%2B%2B.md": "c++.md",
    "/%F0%9F%98%80.png": "\N{GRINNING FACE}.png",
    "/a%23b%3Fc.js": "a#b?c.js",
    "/.well-known/security.txt": ".well-known/security.txt",
}


def test_both_sides_find_a_changed_file_by_the_same_hash() -> None:
    """Each path in turn is the changed one, among many others: it alone is the version's own."""
    fillers = [f"filler/{number}" for number in range(MAX_CHANGED - 1)]
    for path in PATHS.values():
        changed = frozenset({path, *fillers})
        version = Version(id=LIVE, digest="", files={}, base=BASE, stored=changed, changed=changed)
        found = run(viewer_request("clean-urls"), [request(uri) for uri in PATHS], {"live": value(version)})
        own = [one["result"]["uri"].startswith(f"/{object_key(LIVE, '')}") for one in found]
        assert own == [each == path for each in PATHS.values()]


def test_hashes_are_found_in_their_places_only() -> None:
    """Four characters that span two hashes are none."""
    paths = [f"p{number * 7919}.js" for number in range(3000)]
    changed = frozenset(paths[:MAX_CHANGED])
    version = Version(
        id=LIVE,
        digest="",
        files={path: File("", 0) for path in paths},
        base=BASE,
        stored=changed,
        changed=changed,
    )
    found = run(
        viewer_request("clean-urls"), [request(f"/{path}") for path in paths], {"live": value(version)}
    )
    hashes = {path_hash(path) for path in changed}
    assert [one["result"]["uri"].split("/")[2] == LIVE for one in found] == [
        path_hash(path) in hashes for path in paths
    ]


def test_the_response_to_a_page_sets_the_cookie_each_time() -> None:
    """Each page begins the cookie's day anew; what is no page does not touch it."""

    def event(cookies: dict[str, Any], headers: dict[str, Any]) -> dict[str, Any]:
        response = {"statusCode": 200, "headers": {"etag": {"value": "x"}}, "cookies": {}}
        asking = {"cookies": cookies, "querystring": {}, "headers": headers}
        return {"request": asking, "response": response}

    page, cookie = {"x-site-page": {"value": LIVE}}, {"site-version": {"value": LIVE}}
    *pages, script = run(
        VIEWER_RESPONSE,
        [
            event({}, page),
            event(cookie, page),
            event({"site-version": {"value": BASE}}, page),
            event(cookie, {}),
        ],
        {},
    )
    for set_now in pages:
        assert set_now["result"]["cookies"]["site-version"]["value"] == LIVE
        assert "HttpOnly" in set_now["result"]["cookies"]["site-version"]["attributes"]
        assert set_now["result"]["headers"] == {"etag": {"value": "x"}}
    assert script["result"]["cookies"] == {}


def test_metadata_becomes_header_fields_and_does_not_get_out() -> None:
    headers = {
        "etag": {"value": "x"},
        "content-security-policy": {"value": "the policy's"},
        "x-amz-meta-h-content-security-policy": {"value": "the page's"},
        "x-amz-meta-h-x-robots-tag": {"value": "noindex"},
        "x-amz-meta-author": {"value": "nobody's business"},
    }
    event = {
        "request": {"cookies": {}, "querystring": {}, "headers": {}},
        "response": {"statusCode": 200, "headers": headers, "cookies": {}},
    }
    (found,) = run(VIEWER_RESPONSE, [event], {})
    assert found["result"]["headers"] == {
        "etag": {"value": "x"},
        "content-security-policy": {"value": "the page's"},
        "x-robots-tag": {"value": "noindex"},
    }


def test_a_redirect_of_the_fallback_keeps_the_visitors_query() -> None:
    event = {
        "request": {"cookies": {}, "querystring": {"a": {"value": "1"}}, "headers": {}},
        "response": {"statusCode": 302, "headers": {"location": {"value": "/new/x"}}, "cookies": {}},
    }
    (found,) = run(VIEWER_RESPONSE, [event], {})
    assert (found["result"]["statusCode"], found["result"]["headers"]) == (
        302,
        {"location": {"value": "/new/x?a=1"}},
    )


REDIRECTED = [
    ("/new", {}, "/new"),
    ("/new", {"a": {"value": "1"}, "b": {"value": ""}}, "/new?a=1&b"),
    ("/new", {"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}}, "/new?a=1&a=2"),
    ("/new#part", {"a": {"value": "1"}}, "/new?a=1#part"),
    ("/new?b=2", {"a": {"value": "1"}}, "/new?b=2"),
    ("https://example.org/", {"a": {"value": "%20"}}, "https://example.org/?a=%20"),
]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_object_that_is_a_redirect(status: int) -> None:
    events = [
        {
            "request": {"cookies": {}, "querystring": querystring, "headers": {}},
            "response": {
                "statusCode": 200,
                "statusDescription": "OK",
                "headers": {"x-amz-meta-redirect": {"value": f"{status} {target}"}},
                "cookies": {},
            },
        }
        for target, querystring, _ in REDIRECTED
    ]
    found = [one["result"] for one in run(VIEWER_RESPONSE, events, {})]
    assert {(one["statusCode"], one["statusDescription"]) for one in found} == {
        (status, HTTPStatus(status).phrase)
    }
    assert [one["headers"] for one in found] == [
        {"location": {"value": location}} for _, _, location in REDIRECTED
    ]


@pytest.mark.parametrize(("routing", "table"), [("clean-urls", CLEAN_URLS), ("spa", SINGLE_PAGE)])
def test_the_publisher_knows_the_same_key(routing: Any, table: dict[str, str]) -> None:
    """A redirect's object lies where viewer_request.js looks for it."""
    for uri, key in table.items():
        if uri != "/..":
            assert file_of(uri, single_page=routing == "spa") == unquote(key[1:])


@pytest.mark.parametrize("code", [viewer_request("clean-urls"), VIEWER_RESPONSE], ids=["request", "response"])
def test_is_inside_cloudfronts_limit(code: str) -> None:
    """ "Quotas on CloudFront Functions": 10 KB of code."""
    assert len(code.encode()) < 10_240
