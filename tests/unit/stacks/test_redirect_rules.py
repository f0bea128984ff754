"""The file `_redirects`: what its lines mean, and what is said about wrong ones."""

import pytest

from stacks.site_hosting.rules.redirect_rules import MAX_WILDCARDS, Site, parse
from stacks.site_hosting.rules.wildcard_redirects import first_target

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
    "/* /index.html 200": "rewrites and proxies (200) are not supported; the setting routing=spa",
    "/blog/*.html /news/": "a star that is not a whole segment at the end",
    "/*/a /news/": "a star that is not a whole segment at the end",
    "/a/:id.html /b/:id": "a placeholder that is not a whole segment",
    "/a/:id/:id /b/:id": "occurs twice",
    "/a/:splat/* /b/:splat": "occurs twice",
    "/a/:id /b/:name": ":name is not in the path",
    "/a/:id /b/:splat": ":splat is not in the path",
    "/a/* /b/*": "a star in the target",
    "/a/:lang https://:lang.example.org/": "a placeholder in the host",
    "/a/* /a/b/:splat": "redirects to itself",
    "/a/* /a/:splat": "redirects to itself",
    "/x /x/": "redirects to itself",
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
    redirects, faults = parse(f"# a comment\n\n{line}\n", Site(()))
    ((file, rule),) = redirects.exact.items()
    assert ((file, rule.status, rule.target), rule.line, faults) == (READ[line], 3, [])


@pytest.mark.parametrize("line", REFUSED)
def test_refused(line: str) -> None:
    _, (fault,) = parse(f"\n{line}\n", Site({"page.html"}))
    assert str(fault).startswith("_redirects:2: ")
    assert REFUSED[line] in str(fault)
    assert str(fault).isprintable()


def test_circles_name_their_lines() -> None:
    text = "/x /a\n/a /b\n/b /c/\n/c/ /a?again\n/d /x.pdf\n/x.pdf /e\n"
    redirects, (circle,) = parse(text, Site(()))
    assert len(redirects.exact) == 6
    assert str(circle).startswith("_redirects:2: /a /b: a circle of redirects: lines 2, 3, 4")


def test_of_two_for_one_path_neither_is_passed_over() -> None:
    _, (fault,) = parse("/a /b\n/a.html /c\n", Site(()))
    assert str(fault).startswith("_redirects:2: /a.html /c: line 1 redirects /a already")


def test_in_a_single_page_application_only_files_can_be_redirected() -> None:
    redirects, (fault,) = parse("/x.pdf /y.pdf\n/orders /o\n", Site((), single_page=True))
    assert [*redirects.exact] == ["x.pdf"]
    assert "routing=spa" in str(fault)


TAKEN = {
    ("/old/* /new/:splat", "/old/"): "/new/",
    ("/old/* /new/:splat", "/old/a/b.html"): "/new/a/b.html",
    ("/old/* /new/:splat", "/old"): None,
    ("/old/* /new/:splat", "/olds/a"): None,
    ("/a%20b/* /c/:splat", "/a%20b/%c3%bc"): "/c/%C3%BC",
    ("/\u00fc/* /c/:splat", "/%C3%BC/x"): "/c/x",
    ("/news/:year/:slug /blog/:slug?y=:year", "/news/2026/hello"): "/blog/hello?y=2026",
    ("/news/:year/:slug /blog/:slug", "/news/2026/hello/more"): None,
    ("/news/:year/:slug /blog/:slug", "/news/2026/"): None,
    ("/a/:id/* https://example.org:8443/:splat/:id", "/a/1/x/y"): "https://example.org:8443/x/y/1",
    ("/up/* /:splat", "/up//example.org/"): "/example.org/",
    ("/up/* /:splat", "/up/%2F%2Fexample.org"): "/example.org",
    ("/a.b/* /c/:splat", "/aXb/x"): None,
}


@pytest.mark.parametrize(("line", "path"), TAKEN)
def test_a_wildcard_takes_what_it_names_and_stays_on_its_host(line: str, path: str) -> None:
    redirects, faults = parse(line, Site(()))
    assert not faults
    found = first_target(path, redirects.wildcards)
    assert (found and found[1]) == TAKEN[line, path]


def test_of_wildcards_the_first_counts() -> None:
    redirects, faults = parse("/a/b/* /1/:splat\n/a/* /2/:splat 302\n", Site(()))
    assert not faults
    found = [first_target(path, redirects.wildcards) for path in ("/a/b/c", "/a/c")]
    assert [each and (each[0].status, each[1]) for each in found] == [(301, "/1/c"), (302, "/2/c")]


def test_a_circle_by_way_of_a_wildcard_names_its_lines() -> None:
    _, (circle,) = parse("/in /a/x\n/a/* /b/:splat\n/b/:id /a/:id\n", Site(()))
    assert "a circle of redirects: lines 2, 3" in str(circle)


def test_a_wildcard_that_ends_at_a_file_is_no_circle() -> None:
    _, faults = parse("/a/* /a/index.html\n/b/* /a/\n", Site({"a/index.html"}))
    assert not faults


def test_a_way_longer_than_a_browser_goes() -> None:
    text = "\n".join(f"/p{number} /p{number + 1}" for number in range(25))
    _, faults = parse(text, Site(()))
    assert "more than 20 redirects one after the other" in str(faults[0])


def test_not_more_wildcards_than_can_be_tried() -> None:
    _, (fault,) = parse("\n".join(f"/{number}/* /new/" for number in range(MAX_WILDCARDS + 1)), Site(()))
    assert str(fault).startswith(f"_redirects:{MAX_WILDCARDS + 1}: ")


@pytest.mark.parametrize(("policy", "file"), [("always", "old/index.html"), ("never", "old.html")])
def test_with_a_slash_policy_both_forms_are_one_path(policy: str, file: str) -> None:
    site = Site((), trailing_slash=policy)  # type: ignore[arg-type]  # a literal
    redirects, (fault,) = parse("/old /new\n/old/ /newer\n", site)
    assert [*redirects.exact] == [file]
    assert "line 1 redirects /old already" in str(fault)
