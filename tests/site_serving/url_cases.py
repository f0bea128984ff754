"""A site with every kind of file and rule, and what each of its URLs is answered with.

The table is run against the deployed distribution in the emulator, the nginx container and `make serve`: they apply
one set of rules, and these are its results.
"""

import gzip
import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from stacks.site_hosting.rules.content import FOREVER, REVALIDATE
from stacks.site_hosting.rules.page_policy import policy_of
from stacks.site_hosting.rules.security_headers import CONTENT_SECURITY_POLICY, SecurityHeaders

_INLINE: Final = b"<!doctype html><title>inline</title><style>p{margin:0}</style><script>let a=1</script><p>x"
_NOT_FOUND: Final = b"<!doctype html><title>not found</title><style>h1{color:red}</style><h1>Not found</h1>"

SITE: Final[Mapping[str, bytes]] = {
    "index.html": b"<!doctype html><title>home</title><p>home",
    "about.html": b"<!doctype html><title>about</title><p>about",
    "inline.html": _INLINE,
    "404.html": _NOT_FOUND,
    "docs/index.html": b"<!doctype html><title>docs</title><p>docs",
    "docs/setup.html": b"<!doctype html><title>setup</title><p>setup",
    "docs/v1.2/index.html": b"<!doctype html><title>v1.2</title><p>v1.2",
    "docs/v1.2/setup.html": b"<!doctype html><title>v1.2 setup</title><p>v1.2 setup",
    "both.html": b"<!doctype html><title>both, file</title><p>file",
    "both/index.html": b"<!doctype html><title>both, folder</title><p>folder",
    "old/kept.html": b"<!doctype html><title>kept</title><p>kept",
    "a b.html": b"<!doctype html><title>space</title><p>space",
    "caf\u00e9.html": b"<!doctype html><title>cafe</title><p>cafe",
    "c++.html": b"<!doctype html><title>c++</title><p>c++",
    "100%.txt": b"hundred per cent",
    "a#b.txt": b"number sign",
    "q?.txt": b"question mark",
    "\u65e5\u672c/\u8a9e.txt": "\u65e5\u672c\u8a9e".encode(),
    "empty.txt": b"",
    "css/site.css": b"p{color:black}\n" * 200,
    "js/app.3f9a1c2e.js": b"// fingerprinted",
    "js/app.js": b"// plain",
    "js/module.mjs": b"export default 1",
    "js/app.wasm": b"\0asm\1\0\0\0",
    "img/photo.avif": b"avif",
    "img/photo.webp": b"webp",
    "img/drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "fonts/text.woff2": b"woff2",
    "site.webmanifest": b"{}",
    "feed.xml": b"<feed/>",
    "readme.md": b"# Read me",
    "data.json": b'{"a": 1}',
    "archive.tar.gz": b"\x1f\x8b",
    "unknown.zzz": b"unknown",
    ".well-known/security.txt": b"Contact: mailto:security@example.org",
    ".well-known/apple-app-site-association": b"{}",
    "secret/robots.html": b"<!doctype html><title>not for robots</title><p>x",
    "_headers": b"""\
/*
  X-Everywhere: yes
/secret/*
  X-Robots-Tag: noindex
/js/app.js
  Cache-Control: public, max-age=60
/data.json
  Content-Type: application/vnd.example+json
""",
    "_redirects": b"""\
# exact
/moved            /about
/moved/           /docs/                  302
/manual.pdf       https://example.org/a.pdf 308
/with-query       /about?from=old         307
/with-fragment    /docs/#top              303
/sp%20ace         /a%20b
/caf%C3%A9/menu   /caf%C3%A9
# many paths
/old/*            /docs/:splat
/news/:year/:slug /docs/:slug?y=:year     302
/away/*           https://example.org/:splat 307
/up/*             /:splat
""",
}


@dataclass(frozen=True)
class Case:
    """A request and its answer.

    `file`: whose content comes, by its path in `SITE`; empty: no matter. `location`: of a redirect, as it is sent.
    `header`: fields that must be there, by name in lower case; an empty value: must not be there.
    """

    url: str
    status: int = 200
    file: str = ""
    location: str = ""
    method: str = "GET"
    sent: Mapping[str, str] = field(default_factory=dict)
    header: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.url}{' (conditions)' if self.sent else ''}"


def _type(kind: str, **more: str) -> dict[str, str]:
    return {"content-type": kind, **{name.replace("_", "-"): value for name, value in more.items()}}


_HTML: Final = "text/html; charset=utf-8"
_PAGE: Final = _type(_HTML, cache_control=REVALIDATE, content_security_policy=CONTENT_SECURITY_POLICY)
_MISSING: Final = {
    "content-type": _HTML,
    "content-security-policy": policy_of(_NOT_FOUND, CONTENT_SECURITY_POLICY),
    "x-everywhere": "yes",
    "x-content-type-options": "nosniff",
}


def _missing(url: str) -> Case:
    return Case(url, 404, "404.html", header=_MISSING)


CASES: Final[tuple[Case, ...]] = (
    # pages
    Case("/", file="index.html", header=SecurityHeaders().fields() | _PAGE | {"x-everywhere": "yes"}),
    Case("/index.html", file="index.html", header=_PAGE),
    Case("/?utm_source=x", file="index.html", header=_PAGE),
    Case("/about", file="about.html", header=SecurityHeaders().fields() | _PAGE),
    Case("/about?q=a%20b&q=c", file="about.html"),
    Case("/about.html", file="about.html", header=_PAGE),
    Case("/docs/", file="docs/index.html", header=_PAGE),
    Case("/docs/index.html", file="docs/index.html"),
    Case("/docs/setup", file="docs/setup.html"),
    Case("/docs/v1.2/", file="docs/v1.2/index.html"),
    Case("/docs/v1.2/setup", file="docs/v1.2/setup.html"),
    Case("/both", file="both.html"),
    Case("/both/", file="both/index.html"),
    Case(
        "/inline",
        file="inline.html",
        header={"content-security-policy": policy_of(_INLINE, CONTENT_SECURITY_POLICY)},
    ),
    Case(
        "/secret/robots", file="secret/robots.html", header={"x-robots-tag": "noindex", "x-everywhere": "yes"}
    ),
    Case("/404", file="404.html"),
    # names
    Case("/a%20b", file="a b.html"),
    Case("/caf%C3%A9", file="caf\u00e9.html"),
    Case("/caf%c3%a9", file="caf\u00e9.html"),
    Case("/c++", file="c++.html"),
    Case("/c%2B%2B.html", file="c++.html"),
    Case("/100%25.txt", file="100%.txt"),
    Case("/a%23b.txt", file="a#b.txt"),
    Case("/q%3F.txt", file="q?.txt"),
    Case("/%E6%97%A5%E6%9C%AC/%E8%AA%9E.txt", file="\u65e5\u672c/\u8a9e.txt"),
    Case("/%61bout", file="about.html"),
    Case("/empty.txt", file="empty.txt", header={"content-length": "0"}),
    # files, their types and how long they may be kept
    Case(
        "/css/site.css",
        file="css/site.css",
        header=_type("text/css; charset=utf-8", cache_control=REVALIDATE),
    ),
    Case("/js/app.3f9a1c2e.js", file="js/app.3f9a1c2e.js", header={"cache-control": FOREVER}),
    Case(
        "/js/app.js",
        file="js/app.js",
        header=_type("text/javascript; charset=utf-8", cache_control="public, max-age=60"),
    ),
    Case("/js/module.mjs", file="js/module.mjs", header=_type("text/javascript; charset=utf-8")),
    Case("/js/app.wasm", file="js/app.wasm", header=_type("application/wasm")),
    Case("/img/photo.avif", file="img/photo.avif", header=_type("image/avif")),
    Case("/img/photo.webp", file="img/photo.webp", header=_type("image/webp")),
    Case("/img/drawing.svg", file="img/drawing.svg", header=_type("image/svg+xml; charset=utf-8")),
    Case("/fonts/text.woff2", file="fonts/text.woff2", header=_type("font/woff2")),
    Case(
        "/site.webmanifest", file="site.webmanifest", header=_type("application/manifest+json; charset=utf-8")
    ),
    Case("/feed.xml", file="feed.xml", header=_type("application/xml; charset=utf-8")),
    Case("/readme.md", file="readme.md", header=_type("text/markdown; charset=utf-8")),
    Case("/data.json", file="data.json", header=_type("application/vnd.example+json")),
    Case("/archive.tar.gz", file="archive.tar.gz", header=_type("application/gzip", content_encoding="")),
    Case("/unknown.zzz", file="unknown.zzz", header=_type("application/octet-stream")),
    Case("/.well-known/security.txt", file=".well-known/security.txt"),
    Case(
        "/.well-known/apple-app-site-association",
        file=".well-known/apple-app-site-association",
        header=_type("application/json; charset=utf-8"),
    ),
    # the other form of a page's path
    Case("/about/", 301, location="/about"),
    Case("/about/?a=1", 301, location="/about?a=1"),
    Case("/docs", 301, location="/docs/"),
    Case("/docs?a=1&b=2", 301, location="/docs/?a=1&b=2"),
    Case("/docs/v1.2/setup/", 301, location="/docs/v1.2/setup"),
    Case("/caf%C3%A9/", 301, location="/caf%C3%A9"),
    Case("/a%20b/", 301, location="/a%20b"),
    # redirects of one path
    Case("/moved", 301, location="/about", header={"cache-control": REVALIDATE}),
    Case("/moved?a=1&b", 301, location="/about?a=1&b"),
    Case("/moved/", 302, location="/docs/"),
    Case("/manual.pdf", 308, location="https://example.org/a.pdf"),
    Case("/with-query?a=1", 307, location="/about?from=old"),
    Case("/with-fragment", 303, location="/docs/#top"),
    Case("/with-fragment?a=1", 303, location="/docs/?a=1#top"),
    Case("/sp%20ace", 301, location="/a%20b"),
    Case("/caf%C3%A9/menu", 301, location="/caf%C3%A9"),
    Case("/moved", 301, method="HEAD", location="/about"),
    # redirects of many paths; a file is stronger
    Case("/old/", 301, location="/docs/"),
    Case("/old/setup", 301, location="/docs/setup"),
    Case("/old/a/b/c.html", 301, location="/docs/a/b/c.html"),
    Case("/old/setup?a=1", 301, location="/docs/setup?a=1"),
    Case("/old/a%20b", 301, location="/docs/a%20b"),
    Case("/old/kept", file="old/kept.html"),
    Case("/news/2026/setup", 302, location="/docs/setup?y=2026"),
    Case("/away/x/y", 307, location="https://example.org/x/y"),
    Case("/up//example.org/", 301, location="/example.org/"),
    _missing("/news/2026/11/setup"),
    _missing("/old"),
    # what is not there
    _missing("/nope"),
    _missing("/nope/"),
    _missing("/nope.js"),
    _missing("/docs/nope?a=1"),
    _missing("/ABOUT"),
    _missing("/_headers"),
    _missing("/_redirects"),
    _missing("/.well-known/nope"),
    _missing("/about.html/"),
    _missing("/%FF"),
    Case("/nope", 404, method="HEAD", header={"content-type": _HTML}),
    # methods and conditions
    Case("/about", method="HEAD", header=_PAGE),
    Case("/css/site.css", method="HEAD", header=_type("text/css; charset=utf-8")),
)
"""Of a site with the default settings."""

SPA_SITE: Final[Mapping[str, bytes]] = {
    "index.html": b"<!doctype html><title>application</title>",
    "404.html": _NOT_FOUND,
    "assets/app.js": b"// the application",
    "_redirects": b"/assets/old.js /assets/app.js\n/media/* /assets/:splat\n",
}
SPA_CASES: Final[tuple[Case, ...]] = (
    *(
        Case(url, file="index.html")
        for url in ("/", "/orders", "/orders/", "/orders/17?x=1", "/v1.2/orders", "/media/x")
    ),
    Case("/assets/app.js", file="assets/app.js"),
    Case("/assets/old.js", 301, location="/assets/app.js"),
    Case("/media/app.js", 301, location="/assets/app.js"),
    Case("/assets/nope.png", 404, "404.html"),
)
"""With routing=spa."""

SLASH_SITE: Final[Mapping[str, bytes]] = {
    "index.html": b"<!doctype html><title>home</title>",
    "404.html": _NOT_FOUND,
    "about.html": b"<!doctype html><title>about</title>",
    "docs/index.html": b"<!doctype html><title>docs</title>",
    "docs/setup.html": b"<!doctype html><title>setup</title>",
    "css/site.css": b"p{}",
    ".well-known/thing": b"thing",
    "_headers": b"/about\n  X-About: yes\n",
    "_redirects": b"/moved /about\n/old/* /docs/:splat\n",
}


def _slash_cases(slash: str) -> tuple[Case, ...]:
    other = "" if slash else "/"
    return (
        Case("/", file="index.html"),
        Case(f"/about{slash}", file="about.html"),
        Case(f"/about{other}", 301, location=f"/about{slash}"),
        Case(f"/about{other}?a=1", 301, location=f"/about{slash}?a=1"),
        Case(f"/docs{slash}", file="docs/index.html"),
        Case(f"/docs{other}", 301, location=f"/docs{slash}"),
        Case(f"/docs/setup{slash}", file="docs/setup.html"),
        Case(f"/docs/setup{other}", 301, location=f"/docs/setup{slash}"),
        Case("/css/site.css", file="css/site.css"),
        Case("/.well-known/thing", file=".well-known/thing"),
        Case(f"/moved{slash}", 301, location="/about"),
        Case(f"/moved{other}", 301, location=f"/moved{slash}"),
        Case(f"/nope{slash}", 404, "404.html"),
        # no other host, whatever the path
        Case(f"//example.org{slash}x{other}", 301, location=f"/example.org{slash}x{slash}"),
    )


SLASH_CASES: Final = {"always": _slash_cases("/"), "never": _slash_cases("")}
"""By trailing_slash."""


def write(folder: Path, site: Mapping[str, bytes] = SITE) -> Path:
    """Write a site's files; returns its folder."""
    for path, content in site.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


@dataclass(frozen=True)
class Answer:
    """What came: header fields by name in lower case, the body as it is without its content encoding."""

    status: int
    header: Mapping[str, str]
    body: bytes


class Visitor:
    """Sends requests to `address`, where the site is known as `host`; follows no redirect."""

    def __init__(self, address: str, host: str = "") -> None:
        """`address`: host and port to connect to; `host`: the Host field, the address if none is given."""
        self._address, self._host = address, host or address

    @classmethod
    def of(cls, url: str) -> "Visitor":
        """For a URL whose host, a name below localhost, is found on 127.0.0.1."""
        parts = urlsplit(url)
        return cls(f"127.0.0.1:{parts.port}", parts.netloc)

    def asks(self, url: str, *, method: str = "GET", sent: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path with its query string."""
        connection = http.client.HTTPConnection(self._address, timeout=30)
        try:
            connection.request(method, url, headers={"Host": self._host, **(sent or {})})
            answer = connection.getresponse()
            body = answer.read()
            header = {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()
        if header.get("content-encoding") == "gzip":
            body = gzip.decompress(body) if body else b""
        return Answer(answer.status, header, body)


def check(visitor: Visitor, case: Case, site: Mapping[str, bytes] = SITE) -> None:
    """Assert that a case is answered as the table says."""
    answer = visitor.asks(case.url, method=case.method, sent=case.sent)
    told = (answer.status, answer.header.get("location", ""))
    assert told == (case.status, case.location), f"{case}: {told} {answer.body[:300]!r}"
    for name, value in case.header.items():
        assert answer.header.get(name, "") == value, f"{case}: {name}"
    if case.method == "HEAD":
        assert answer.body == b"", str(case)
    elif case.file:
        assert answer.body == site[case.file], f"{case}: {answer.body[:300]!r}"


def check_conditions(visitor: Visitor) -> None:
    """A file that the browser has already is not sent again; a part of one can be had; text is compressed."""
    for url in ("/about", "/css/site.css"):
        first = visitor.asks(url)
        again = visitor.asks(url, sent={"If-None-Match": first.header["etag"]})
        assert (again.status, again.body) == (304, b""), url
        assert visitor.asks(url, sent={"If-None-Match": '"another"'}).status == 200, url
    part = visitor.asks("/js/app.js", sent={"Range": "bytes=0-1"})
    assert (part.status, part.body, part.header["content-range"]) == (206, b"//", "bytes 0-1/8")
    packed = visitor.asks("/css/site.css", sent={"Accept-Encoding": "gzip"})
    assert packed.header["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.header["vary"].lower()
    assert packed.body == SITE["css/site.css"]
