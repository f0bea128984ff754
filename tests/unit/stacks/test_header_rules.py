"""The file `_headers`: what its lines mean, and what is said about wrong ones."""

import pytest

from stacks.site_hosting.rules.fault import RulesError
from stacks.site_hosting.rules.header_rules import parse
from stacks.site_hosting.rules.site_rules import Rules

FORM = "/a\n  {}\n"
REFUSED = {
    "a.html\n": ("_headers:1:", "no path"),
    "https://example.org/*\n": ("_headers:1:", "no path"),
    "/a/*/b\n": ("_headers:1:", "star"),
    "/a/:id\n": ("_headers:1:", "placeholders"),
    "/a?b=c\n": ("_headers:1:", "query string"),
    "\n# a comment\n  X-A: b\n": ("_headers:3:", "no path before it"),
    FORM.format("! X-Frame-Options"): ("_headers:2:", "removing"),
    FORM.format("X-A"): ("_headers:2:", "no header field"),
    FORM.format("X A: b"): ("_headers:2:", "no header field"),
    FORM.format("X-A:"): ("_headers:2:", "empty"),
    FORM.format("X-A: ü"): ("_headers:2:", "ASCII"),
    FORM.format("Connection: close"): ("_headers:2:", "CloudFront does not let"),
    FORM.format("X-Edge-Location: b"): ("_headers:2:", "CloudFront does not let"),
    FORM.format("x-amz-meta-h-a: b"): ("_headers:2:", "CloudFront does not let"),
    FORM.format("Content-Encoding: br"): ("_headers:2:", "the server's to set"),
    FORM.format("Content-Length: 5"): ("_headers:2:", "the server's to set"),
    FORM.format("Set-Cookie: a=b"): ("_headers:2:", "the server's to set"),
    FORM.format("Cach-Control: no-store"): ("_headers:2:", "did you mean Cache-Control?"),
}
MATCHES = [
    ("/*", "index.html", True),
    ("/", "index.html", True),
    ("/about", "about.html", True),
    ("/about.html", "about.html", True),
    ("/about/", "about.html", False),
    ("/docs/", "docs/index.html", True),
    ("/docs/*", "docs/a/b.css", True),
    ("/docs/*", "docs.html", False),
    ("/a%20b", "a b.html", True),
    ("/a", "ab.html", False),
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text.strip()[-30:])
def test_refused(text: str) -> None:
    rules, (fault,) = parse(text)
    where, why = REFUSED[text]
    assert rules == []
    assert str(fault).startswith(where)
    assert why in str(fault)
    assert str(fault).isprintable()


@pytest.mark.parametrize(("pattern", "file", "matches"), MATCHES)
def test_matches(pattern: str, file: str, *, matches: bool) -> None:
    (rule,), faults = parse(f"{pattern}\n\tX-A:  b: c \n")
    assert (rule.name, rule.value, faults) == ("x-a", "b: c", [])
    assert rule.matches(file) == matches


def test_the_last_rule_for_a_field_counts() -> None:
    rules = Rules({"_headers": b"/*\n  X-A: 1\n  X-B: 2\n/a\n  x-a: 3\n"}, content_security_policy="")
    assert rules.fields("a.html").metadata == {"h-x-a": "3", "h-x-b": "2"}
    assert rules.fields("b.html").metadata == {"h-x-a": "1", "h-x-b": "2"}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(RulesError) as caught:
        Rules({"_headers": b"/a\n  ! X\n  Age: 1\n"}, content_security_policy="")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"/a\n  X-A: \xff", "_headers:2: its bytes: not UTF-8"), (b"#" * 300_000, "too long")],
)
def test_a_file_that_cannot_be_read(content: bytes, said: str) -> None:
    with pytest.raises(RulesError, match=said):
        Rules({"_headers": content}, content_security_policy="")


def test_more_than_an_object_can_carry() -> None:
    """The limit of S3 is 2 KB, the names included."""
    most = 2048 - len("h-x-a")
    for length in (most, most + 1):
        rules = Rules({"_headers": b"/*\n  X-A: " + b"v" * length}, content_security_policy="")
        if length == most:
            assert rules.fields("a.css").metadata == {"h-x-a": "v" * most}
        else:
            with pytest.raises(RulesError, match=r"^a\.css: .*2,049 bytes .* 2,048"):
                rules.fields("a.css")
