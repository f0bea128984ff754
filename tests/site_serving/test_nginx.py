"""nginx with the configuration that is made of a site's rules."""

import random
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from stacks.site_hosting.rules.answers import Found, answer, with_query
from stacks.site_hosting.rules.site_rules import FILES, Rules
from stacks.site_hosting.rules.urls import TrailingSlash
from tests.site_serving import url_cases
from tests.site_serving.nginx_process import render, serving
from tests.site_serving.url_cases import (
    CASES,
    SITE,
    SLASH_CASES,
    SLASH_SITE,
    SPA_CASES,
    SPA_SITE,
    Case,
    Visitor,
)

# names and values that would end a string, a directive or a block, begin a comment, or name a variable
HOSTILE = (
    'quote".txt',
    "quote'.txt",
    "back\\slash.txt",
    "back\\",
    "$uri.txt",
    "${dollar}.txt",
    "$.txt",
    "a;return 200.txt",
    "a}b{c.txt",
    "# comment.txt",
    "~^.*$.txt",
    " two  spaces .txt",
    "new\nline.txt",
    "new\r\nheader.txt",
    "tab\t.txt",
    "del\x7f.txt",
    "escape\x1b.txt",
    "pipe|1:.txt",
    "percent%24.txt",
    "question?a=b&c.txt",
    "plus+and&.txt",
    "*.txt",
    "[a-z]+(.*).txt",
    "default.txt",
    "\u65e5\u672c\u8a9e\U0001f600.txt",
    "e\u0301 and \u00e9.txt",
    "Case.txt",
    "case.txt",
    "CASE.TXT",
    "\u00c9.txt",
    "l" * 250 + ".txt",
    "/".join(["d" * 200] * 4) + ".txt",
    ".well-known/default",
    ".well-known/$x",
)
HOSTILE_RULES = r"""
/*
  X-Everything: "; } # $uri ${dollar} \ \" \n '; return 200 "x";
  X-$Dollar'`|~: $uri
/Case.txt
  X-Case: upper
/case.txt
  X-Case: lower
"""
HOSTILE_REDIRECTS = r"""
/to-dollar  /x$uri;}"'\y
/to-query   /x?$args="\
/to-args    https://example.org/$host#$uri
/a.b+(c)/*  /:splat/$host"
/q"{;/:a/:b https://example.org/:b/$a?:a
"""


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Of the table's site."""
    folder = tmp_path_factory.mktemp("nginx")
    with serving(url_cases.write(folder / "site"), folder / "nginx") as found:
        yield found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_table(visitor: Visitor, case: Case) -> None:
    url_cases.check(visitor, case)


def test_conditions(visitor: Visitor) -> None:
    url_cases.check_conditions(visitor)


def test_a_single_page_application(tmp_path: Path) -> None:
    site = url_cases.write(tmp_path / "site", SPA_SITE)
    with serving(site, tmp_path / "nginx", "--routing=spa") as visitor:
        for case in SPA_CASES:
            url_cases.check(visitor, case, SPA_SITE)


@pytest.mark.parametrize("policy", SLASH_CASES)
def test_a_policy_of_slashes(tmp_path: Path, policy: str) -> None:
    site = url_cases.write(tmp_path / "site", SLASH_SITE)
    with serving(site, tmp_path / "nginx", f"--trailing-slash={policy}") as visitor:
        for case in SLASH_CASES[policy]:
            url_cases.check(visitor, case, SLASH_SITE)
        assert (
            visitor.asks("/about/" if policy == "never" else "/about").header["cache-control"]
            == "max-age=3600"
        )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "TRACE"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    for url in ("/about", "/moved", "/nope", "/old/x"):
        found = visitor.asks(url, method=method)
        assert (found.status, found.header["allow"]) == (405, "GET, HEAD")
        assert found.header["x-content-type-options"] == "nosniff"
    assert "allow" not in visitor.asks("/about").header


def test_what_a_redirect_and_an_error_say(visitor: Visitor) -> None:
    seconds = "public, max-age=0, s-maxage=10, must-revalidate"
    for url in ("/docs", "/old/setup", "/nope"):
        found = visitor.asks(url)
        assert found.header["cache-control"] == seconds
        assert found.header["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert visitor.asks("/about").header["server"] == "nginx"
    again = visitor.asks("/nope", sent={"If-None-Match": "*", "Range": "bytes=0-1"})
    assert (again.status, again.body) == (404, SITE["404.html"])


def test_a_path_with_dots_is_no_file(visitor: Visitor) -> None:
    for url in ("/docs/../about", "/./about", "/docs%2f..%2fabout", "/docs/%2E%2e/about", "/about/."):
        assert visitor.asks(url).status == 404, url


def test_a_site_without_a_page_for_what_is_not_found(tmp_path: Path) -> None:
    site = url_cases.write(tmp_path / "site", {"index.html": b"home", "Dockerfile": b"FROM x"})
    with serving(site, tmp_path / "nginx", "--content-security-policy=") as visitor:
        for url in ("/nope", "/Dockerfile", "/404", "/404.html"):
            found = visitor.asks(url)
            assert (found.status, found.header["content-type"]) == (404, "text/html; charset=utf-8")
            assert b"There is no page here" in found.body
        assert "content-security-policy" not in found.header


def test_no_name_and_no_value_gets_out_of_its_place(tmp_path: Path) -> None:
    site: dict[str, bytes] = {name: name.encode() for name in HOSTILE}
    site |= {"index.html": b"home", "404.html": b"nothing"}
    rules = {"_headers": HOSTILE_RULES.encode(), "_redirects": HOSTILE_REDIRECTS.encode()}
    folder = url_cases.write(tmp_path / "site", site | rules)
    with serving(folder, tmp_path / "nginx") as visitor:
        for name in HOSTILE:
            found = visitor.asks("/" + quote(name))
            wanted = 200 if "." in name.rpartition("/")[2] or name.startswith(".well-known") else 404
            assert (found.status, found.body) == (wanted, name.encode() if wanted == 200 else b"nothing"), (
                name
            )
            if wanted == 200:
                assert found.header["x-everything"] == '"; } # $uri ${dollar} \\ \\" \\n \'; return 200 "x";'
                assert found.header["x-$dollar'`|~"] == "$uri"
        assert visitor.asks("/Case.txt").header["x-case"] == "upper"
        assert visitor.asks("/case.txt").header["x-case"] == "lower"
        assert "x-case" not in visitor.asks("/CASE.TXT").header
        assert visitor.asks("/cASE.txt").status == 404
        told = {
            url: visitor.asks(url).header.get("location")
            for url in ("/to-dollar", "/to-query?a", "/to-args?a=1")
        }
        assert told == {
            "/to-dollar": "/x$uri;}\"'\\y",
            "/to-query?a": '/x?$args="\\',
            "/to-args?a=1": "https://example.org/$host?a=1#$uri",
        }
        for url in ("/a.b+(c)/x", "/a.b%2B%28c%29/x", "/a%2Eb+%28c)/x?q"):
            assert (
                visitor.asks(url).header["location"]
                == f'/x/$host"{url[url.find("?") :] if "?" in url else ""}'
            )
        assert visitor.asks("/aXb+(c)/x").status == 404
        assert visitor.asks("/q%22%7B;/1/2?x").header["location"] == "https://example.org/2/$a?1"


@pytest.mark.parametrize(
    "url", ["//evil.example", "//evil.example/", "/up//evil.example/", "/up///evil.example/x"]
)
@pytest.mark.parametrize("policy", ["by-file", "always", "never"])
def test_no_redirect_leads_to_a_host_of_the_path(tmp_path: Path, policy: str, url: str) -> None:
    site = url_cases.write(tmp_path / "site", {"index.html": b"", "_redirects": b"/up/* /:splat\n"})
    with serving(site, tmp_path / "nginx", f"--trailing-slash={policy}") as visitor:
        location = visitor.asks(url).header.get("location", "/")
        assert not location.startswith(("//", "/\\")), location


def test_a_backslash_in_a_path_makes_no_host(visitor: Visitor) -> None:
    for url in ("/up/\\evil.example/", "/up/\\/evil.example/", "/up//\\evil.example/"):
        assert visitor.asks(url).header["location"] == "/evil.example/"


def paths(site: Mapping[str, bytes], seed: int, count: int) -> Iterator[str]:
    """Paths that are near to what the site has, as they stand in a URL."""
    dice = random.Random(seed)  # noqa: S311 - the same ones each time
    words = sorted(
        {word for name in site for word in name.split("/")} | {"old", "news", "up", "away", "moved", ""}
    )
    for _ in range(count):
        path = "/" + "/".join(dice.choice(words) for _ in range(dice.randint(1, 4)))
        for ending in (".html", "index.html"):
            path = path.removesuffix(ending) if dice.random() < 0.5 else path
        if dice.random() < 0.2:
            path = path.swapcase()
        yield quote(path + dice.choice(["", "", "", "/", "//", ".html", "/index.html"]))


@pytest.mark.parametrize(
    ("site", "single_page", "policy"),
    [
        (SITE, False, "by-file"),
        (SPA_SITE, True, "by-file"),
        (SLASH_SITE, False, "always"),
        (SLASH_SITE, False, "never"),
    ],
    ids=["by-file", "spa", "always", "never"],
)
def test_every_path_is_answered_as_the_rules_say(
    tmp_path: Path, site: Mapping[str, bytes], single_page: bool, policy: TrailingSlash
) -> None:
    rules = Rules(
        {name: site[name] for name in FILES if name in site},
        content_security_policy="",
        files=[name for name in site if name not in FILES],
        single_page=single_page,
        trailing_slash=policy,
    )
    routing = "spa" if single_page else "clean-urls"
    arguments = (f"--routing={routing}", f"--trailing-slash={policy}")
    kinds = set()
    with serving(url_cases.write(tmp_path / "site", site), tmp_path / "nginx", *arguments) as visitor:
        for path in paths(site, seed=1, count=1500):
            wanted = answer(path, rules, single_page=single_page, trailing_slash=policy)
            found = visitor.asks(f"{path}?a=1")
            told = (found.status, found.header.get("location", ""))
            kinds.add(type(wanted))
            if wanted is None:
                assert told == (404, ""), path
            elif isinstance(wanted, Found):
                assert (*told, found.body) == (200, "", site[rules.files[wanted.file]]), path
            else:
                assert told == (wanted.status, with_query(wanted.target, "a=1")), path
    assert len(kinds) == 3


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_faults_are_a_line_each(tmp_path: Path) -> None:
    site = url_cases.write(tmp_path / "site", {"index.html": b"", "_redirects": b"/a /a\n/b b\n"})
    said = refused(render(site, tmp_path / "out")).splitlines()
    assert [line.split(": ")[1].rpartition("/")[2] for line in said] == ["_redirects:2", "_redirects:1"]
    assert "no such folder" in refused(render(tmp_path / "nowhere", tmp_path / "out"))
    (site / "_redirects").write_text(f"/a/* /{'b' * 5000}\n")
    assert "5,0" in refused(render(site, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--routing=x"], 'setting routing: "x" is not legal; legal: clean-urls, spa'),
        (["--trailing-slash=x"], 'setting trailing_slash: "x" is not legal; legal: by-file, always, never'),
        (
            ["--routing=spa", "--trailing-slash=never"],
            "setting trailing_slash: never does not go with routing=spa",
        ),
        (["--content-security-policy=a\nb"], "setting content_security_policy: 'a\\nb' is not legal"),
        (["--content-security-policy=" + "x" * 1701], "at most 1,700 characters"),
    ],
)
def test_settings_that_are_not_legal(tmp_path: Path, arguments: list[str], wanted: str) -> None:
    site = url_cases.write(tmp_path / "site", {"index.html": b""})
    said = refused(render(site, tmp_path / "out", *arguments))
    assert wanted in said
    assert said.count("\n") == 1


def test_what_is_written_can_be_read_by_another_user(tmp_path: Path) -> None:
    site = url_cases.write(tmp_path / "site")
    for path in (site, *site.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert render(site, tmp_path / "out").returncode == 0
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out").rglob("*")}
    assert modes == {0o755, 0o644}
    written = {
        path.relative_to(tmp_path / "out" / "site").as_posix()
        for path in (tmp_path / "out/site").rglob("*.*")
    }
    assert set(SITE) - FILES <= written | {".well-known/apple-app-site-association"}
    assert not written & FILES
