"""The file `_redirects`: what its lines mean, and what is said about wrong ones."""

import pytest

from stacks.site_hosting.publisher.redirect_rules import parse

READ = {
    "/old /new": ("old.html", 301, "/new"),
    "/old/ /new 302": ("old/index.html", 302, "/new"),
    "  /x.pdf\t/y.pdf   303  # why": ("x.pdf", 303, "/y.pdf"),
    "/a%20b https://example.org/c?d=e#f 307": ("a b.html", 307, "https://example.org/c?d=e#f"),
    "/c++ http://example.org 308": ("c++.html", 308, "http://example.org"),
    "/ü /u": ("ü.html", 301, "/u"),
    "/.well-known/a /b": (".well-known/a", 301, "/b"),
}
REFUSED = {
    "/old": "no target",
    "old /new": "no path",
    "https://example.org/old /new": "a host",
    "//example.org/old /new": "a host",
    "/old new": "neither a path nor",
    "/old ftp://example.org/": "neither a path nor",
    "/old //example.org/": "neither a path nor",
    "/old /ü": "not ASCII",
    "/old /new 200": "rewrites and proxies",
    "/old /new 404": "404 rules",
    "/old /new 301!": "forced",
    "/old /new 418": "418 is no redirect",
    "/old /new 3o1": "3o1 is no redirect",
    "/old /new 302 Country=fr": "conditions",
    "/old id=:id /new 301": "query parameters",
    "/old?a=b /new": "query string",
    "/blog/* /news/:splat": "splats",
    "/a/:id /b/:id": "placeholders",
    "/a/../b /c": ". or ..",
    "/%ff /c": "UTF-8",
    "/old /new 301 302": "4 words",
    "/page /new": "the file page.html is served at /page",
    "/404 /new": "404.html",
    "/old /old": "redirects to itself",
    "/old /old.html?a=b#c": "redirects to itself",
}


@pytest.mark.parametrize("line", READ)
def test_read(line: str) -> None:
    redirects, faults = parse(f"# a comment\n\n{line}\n", files=(), single_page=False)
    ((file, rule),) = redirects.items()
    assert ((file, rule.status, rule.target), rule.line, faults) == (READ[line], 3, [])


@pytest.mark.parametrize("line", REFUSED)
def test_refused(line: str) -> None:
    _, (fault,) = parse(f"\n{line}\n", files={"page.html"}, single_page=False)
    assert str(fault).startswith("_redirects:2: ")
    assert REFUSED[line] in str(fault)
    assert str(fault).isprintable()


def test_circles_name_their_lines() -> None:
    text = "/x /a\n/a /b\n/b /c/\n/c/ /a?again\n/d /x.pdf\n/x.pdf /e\n"
    redirects, (circle,) = parse(text, files=(), single_page=False)
    assert len(redirects) == 6
    assert str(circle).startswith("_redirects:2: /a /b: a circle of redirects: lines 2, 3, 4")


def test_of_two_for_one_path_neither_is_passed_over() -> None:
    _, (fault,) = parse("/a /b\n/a.html /c\n", files=(), single_page=False)
    assert str(fault).startswith("_redirects:2: /a.html /c: line 1 redirects /a already")


def test_in_a_single_page_application_only_files_can_be_redirected() -> None:
    redirects, (fault,) = parse("/x.pdf /y.pdf\n/orders /o\n", files=(), single_page=True)
    assert [*redirects] == ["x.pdf"]
    assert "routing=spa" in str(fault)
