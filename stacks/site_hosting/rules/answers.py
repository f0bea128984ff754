"""What a path is answered with by a server that holds the whole site: a file, a redirect, or nothing."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from .missing import redirect_of
from .site_rules import Rules
from .urls import TrailingSlash, canonical, file_of
from .wildcard_redirects import first_target

CANONICAL_KEPT: Final = "max-age=3600"
"""Cache-Control of the redirect to the form of a path that `trailing_slash` asks for, as at the edge."""
MISSING_KEPT: Final = "public, max-age=0, s-maxage=10, must-revalidate"
"""Cache-Control where there is no file, the redirects of many paths included, as of the edge's fallback."""


class _Present(Collection[str]):
    """The files of a folder and those in whose place a redirect is."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def __contains__(self, file: object) -> bool:
        return file in self._rules.files or file in self._rules.redirects

    def __iter__(self) -> Iterator[str]:
        return itertools.chain(self._rules.files, self._rules.redirects)

    def __len__(self) -> int:
        return len(self._rules.files) + len(self._rules.redirects)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by where it is looked for: a key of `Rules.files`."""

    file: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect; `file`: the one in whose place it is, whose header fields it has, empty if it is in none's."""

    status: int
    target: str
    file: str = ""
    cache_control: str = MISSING_KEPT


def answer(
    path: str, rules: Rules, *, single_page: bool, trailing_slash: TrailingSlash
) -> Found | Moved | None:
    """The answer to `path`, as it stands in the URL; None: the site has none (404)."""
    wanted = canonical(path, trailing_slash)
    if wanted != path:
        return Moved(301, wanted, cache_control=CANONICAL_KEPT)
    found = at(path, rules, single_page=single_page)
    if found:
        return found
    many = first_target(path, rules.wildcards)
    return Moved(many[0].status, many[1]) if many else None


def at(path: str, rules: Rules, *, single_page: bool) -> Found | Moved | None:
    """What there is at a path of canonical form itself, without the redirects of many paths."""
    file = file_of(path, single_page=single_page)
    if file in rules.files:
        return Found(file)
    if file in rules.redirects:
        rule = rules.redirects[file]
        return Moved(rule.status, rule.target, file)
    # the files of a big site are many: nothing is copied
    other = redirect_of(file, path, files=_Present(rules), wildcards=())
    return Moved(*other) if other else None


def parts(target: str) -> tuple[str, bool, str]:
    """(what comes before the visitor's query string, whether he keeps it, what comes after)."""
    if "?" in target:
        return target, False, ""
    before, sharp, fragment = target.partition("#")
    return before, True, sharp + fragment


def with_query(target: str, query: str) -> str:
    """The Location of a redirect for a visitor with this query string, as edge/viewer_response.js makes it."""
    before, kept, after = parts(target)
    return f"{before}?{query}{after}" if query and kept else before + after
