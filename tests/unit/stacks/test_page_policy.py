"""The policy of a page: its own scripts and styles by their hashes, nothing else."""

import base64
import hashlib

import pytest

from stacks.site_hosting.rules.page_policy import policy_of, warnings
from stacks.site_hosting.rules.site_rules import Rules

BASE = "default-src 'self'; img-src 'self' data:"


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


A = sha("a")
ADDED = [
    ("<script>a</script>", f"script-src 'self' {A}"),
    ("<SCRIPT type=module>a</SCRIPT>", f"script-src 'self' {A}"),
    ("<script type='text/javascript'>a</script>", f"script-src 'self' {A}"),
    ("<script type=importmap>a</script>", f"script-src 'self' {A}"),
    ("<style>a</style>", f"style-src 'self' {A}"),
    ("<svg><style>a</style></svg>", f"style-src 'self' {A}"),
    ("<script>a</script><script>a</script>", f"script-src 'self' {A}"),
    ("<script>a&lt;\r\nb</script>", f"script-src 'self' {sha('a&lt;' + chr(10) + 'b')}"),
    ("<script>ü</script>", f"script-src 'self' {sha('ü')}"),
    (
        "<script>if (x < y) '<b>'</script>",
        f"script-src 'self' {sha('if (x < y) ' + chr(39) + '<b>' + chr(39))}",
    ),
    ("<p onclick='a'>", f"script-src 'self' 'unsafe-hashes' {A}"),
    ("<p onclick='&quot;&amp;'>", f"script-src 'self' 'unsafe-hashes' {sha(chr(34) + '&')}"),
    ("<p style=a>", f"style-src 'self' 'unsafe-hashes' {A}"),
]
NOTHING_ADDED = [
    "<p>text</p>",
    "<script src=/a.js></script>",
    "<script src=/a.js>ignored</script>",
    "<script></script>",
    "<script type=application/ld+json>{}</script>",
    "<script type=text/template>a</script>",
    "<!-- <script>a</script> -->",
    "<p data-onclick=a>",
    "<p onclick=''>",
]


@pytest.mark.parametrize(("page", "directive"), ADDED)
def test_what_is_in_the_page_is_allowed_by_its_hash(page: str, directive: str) -> None:
    assert policy_of(page.encode(), BASE) == f"{BASE}; {directive}"


@pytest.mark.parametrize("page", NOTHING_ADDED)
def test_nothing_else_is(page: str) -> None:
    assert policy_of(page.encode(), BASE) == BASE


@pytest.mark.parametrize(
    ("base", "policy"),
    [
        ("", ""),
        ("img-src 'self'", "img-src 'self'"),
        ("default-src 'none'", f"default-src 'none'; script-src {A}"),
        ("script-src 'none'", f"script-src {A}"),
        ("script-src 'unsafe-inline'", "script-src 'unsafe-inline'"),
        ("script-src x.org; script-src-elem y.org", f"script-src x.org; script-src-elem y.org {A}"),
    ],
)
def test_the_directive_that_decides_is_the_one_that_is_extended(base: str, policy: str) -> None:
    assert policy_of(b"<script>a</script>", base) == policy


def test_a_page_without_anything_inline_carries_no_policy_of_its_own() -> None:
    rules = Rules({}, content_security_policy=BASE)
    assert rules.fields("index.html", b"<p>").metadata == {}
    assert rules.fields("index.html", b"<script>a</script>").metadata == {
        "h-content-security-policy": f"{BASE}; script-src 'self' {A}"
    }


def test_a_policy_in_the_headers_file_is_what_hashes_are_added_to() -> None:
    rules = Rules(
        {"_headers": b"/a\n  Content-Security-Policy: script-src x.org"}, content_security_policy=BASE
    )
    found = rules.fields("a.html", b"<script>a</script>").metadata
    assert found == {"h-content-security-policy": f"script-src x.org {A}"}


@pytest.mark.parametrize(
    ("page", "warned"),
    [
        ("<script src=https://x.org/a.js></script>", "default-src"),
        ("<script src=//x.org/a.js></script>", "default-src"),
        ("<link rel=stylesheet href=https://x.org/a.css>", "default-src"),
        ("<link rel=preload as=font href=https://x.org/a>", "default-src"),
        ("<img src=https://x.org/a.png>", "img-src"),
        ("<iframe src=https://x.org/></iframe>", "default-src"),
        ("<a href='javascript:a()'>x</a>", "javascript:a()"),
        ("<b style='color: red'>x</b>", "attribute style"),
        ("<img src=data:image/gif;base64,R0>", ""),
        ("<img src=/a.png>", ""),
        ("<a href=https://x.org/>x</a>", ""),
        ("<link rel=canonical href=https://x.org/>", ""),
    ],
)
def test_what_the_policy_stops_is_named(page: str, warned: str) -> None:
    found = list(warnings(f"\n{page}".encode(), BASE))
    assert [line for line, _ in found] == ([2] if warned else [])
    assert all(warned in what for _, what in found)


@pytest.mark.parametrize("source", ["https:", "https://cdn.x.org", "*.x.org", "cdn.x.org", "*"])
def test_what_the_policy_allows_is_not(source: str) -> None:
    page = b"<script src=https://cdn.x.org/a.js></script>"
    assert list(warnings(page, f"script-src {source}")) == []
