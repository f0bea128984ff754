"""Where a page is looked for, by the policy of slashes at the end of its path."""

from typing import Any

import pytest

from stacks.site_hosting.rules.fault import RulesError
from stacks.site_hosting.rules.site_rules import Rules
from stacks.site_hosting.rules.urls import canonical, encoded, file_of, placed

FILES = [
    "index.html",
    "404.html",
    "about.html",
    "docs/index.html",
    "docs/a.html",
    "x.js",
    ".well-known/a.html",
]


@pytest.mark.parametrize("policy", ["by-file", "always", "never"])
def test_every_file_is_found_at_its_canonical_path(policy: Any) -> None:
    for file in FILES:
        at = placed(file, policy)
        bare = "/" + at.removesuffix("index.html").removesuffix(".html") if at.endswith(".html") else f"/{at}"
        path = canonical(bare, policy)
        assert canonical(path, policy) == path
        if not file.startswith(".well-known") and file != "404.html":
            assert file_of(path, single_page=False) == at


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("always", {"about/index.html", "docs/index.html", "docs/a/index.html"}),
        ("never", {"about.html", "docs.html", "docs/a.html"}),
    ],
)
def test_pages_move_and_nothing_else_does(policy: Any, wanted: set[str]) -> None:
    stays = {"index.html", "404.html", "x.js", ".well-known/a.html"}
    assert {placed(file, policy) for file in FILES} == wanted | stays


def test_two_files_of_one_page_are_refused_by_name() -> None:
    with pytest.raises(RulesError, match=r"docs/index\.html: .*never.* docs\.html"):
        Rules(
            {},
            content_security_policy="",
            files=["docs.html", "docs/index.html"],
            trailing_slash="never",
        )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("/a b", "/a%20b"),
        ("/a%20b", "/a%20b"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/c++", "/c++"),
        ("/%FF", "/%FF"),
    ],
)
def test_encoded(given: str, wanted: str) -> None:
    assert encoded(given) == wanted
