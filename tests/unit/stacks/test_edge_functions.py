"""The CloudFront Functions, executed by Node: which key of the bucket a URL asks for."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

FUNCTIONS = Path(__file__).resolve().parents[3] / "stacks" / "site_hosting"
# Reads requests from standard input and prints what `handler` makes of each.
HARNESS = """
const source = require('fs').readFileSync(process.argv[1], 'utf8');
const handler = new Function(source + '; return handler;')();
const requests = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(requests.map((request) => handler({version: '1.0', request}))));
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


def run(function: str, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ran = subprocess.run(
        ["node", "-e", HARNESS, str(FUNCTIONS / function)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer: list[dict[str, Any]] = json.loads(ran.stdout)
    return answer


@pytest.mark.parametrize(
    ("function", "table"), [("clean_urls.js", CLEAN_URLS), ("single_page.js", SINGLE_PAGE)]
)
def test_url_becomes_key(function: str, table: dict[str, str]) -> None:
    found = run(function, [{"method": "GET", "uri": uri} for uri in table])
    assert dict(zip(table, (request["uri"] for request in found), strict=True)) == table


@pytest.mark.parametrize("function", ["clean_urls.js", "single_page.js"])
def test_the_rest_of_the_request_is_passed_on(function: str) -> None:
    request = {
        "method": "HEAD",
        "uri": "/about",
        "querystring": {"q": {"value": "1"}},
        "headers": {"host": {"value": "example.org"}},
        "cookies": {},
    }
    (found,) = run(function, [request])
    assert {**found, "uri": ""} == {**request, "uri": ""}


@pytest.mark.parametrize("function", ["clean_urls.js", "single_page.js"])
def test_is_inside_cloudfronts_limit(function: str) -> None:
    """ "Quotas on CloudFront Functions": 10 KB of code."""
    assert (FUNCTIONS / function).stat().st_size < 10_240
