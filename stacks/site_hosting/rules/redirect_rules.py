"""The file `_redirects`: paths that moved. docs/site-rules.md describes the format.

A redirect of one path is an object without content, where the file of its path would be; its metadata says where
to. Redirects of many paths are in wildcard_redirects.py.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from .fault import Fault
from .missing import redirect_of
from .urls import NOT_FOUND, TrailingSlash, canonical, file_of, is_file
from .wildcard_redirects import WildcardRedirect, first_target

FILE: Final = "_redirects"
STATUSES: Final = (301, 302, 303, 307, 308)
MAX_WILDCARDS: Final = 100
"""Lines with a star or placeholders: each is tried for each path that is not found."""
_STATUSES: Final = ", ".join(map(str, STATUSES))
_FORM: Final = f"legal: /from /to or /from https://host/to, and one of {_STATUSES}, 301 if none is given"
_KEY_BYTES: Final = 800  # "Naming Amazon S3 objects" has 1,024; the version's prefix is part of them
_MAX_STEPS: Final = 20
"""The Fetch standard, "HTTP-redirect fetch": a browser follows as many redirects and no more."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """From the path `source` to `target`, a path or a URL, with `status`, one of `STATUSES`."""

    line: int
    source: str
    target: str
    status: int


@dataclass(frozen=True, slots=True)
class Site:
    """What redirects stand beside: the files (where they are looked for), and how paths are read."""

    files: Collection[str]
    single_page: bool = False
    trailing_slash: TrailingSlash = "by-file"

    def file_of(self, path: str) -> str:
        """Where the file of a path is looked for."""
        return file_of(canonical(path, self.trailing_slash), single_page=self.single_page)


@dataclass(slots=True)
class Redirects:
    """`exact`: by the file in whose place they are; `wildcards`: in their order."""

    exact: dict[str, Redirect] = field(default_factory=dict)
    wildcards: list[WildcardRedirect] = field(default_factory=list)


def parse(text: str, site: Site) -> tuple[Redirects, list[Fault]]:
    """The redirects, and what is wrong."""
    redirects = Redirects()
    faults: list[Fault] = []
    for number, raw in enumerate(text.splitlines(), 1):
        words = re.split(r"\s#", raw, maxsplit=1)[0].split()
        if not words or words[0].startswith("#"):
            continue
        found = _form_fault(words) or _source_fault(words[0], site) or _add(redirects, number, words, site)
        if found:
            faults.append(Fault(FILE, number, " ".join(words), *found))
    return redirects, faults + list(_circles(redirects, site))


def _add(redirects: Redirects, number: int, words: list[str], site: Site) -> tuple[str, str] | None:
    source, target = words[:2]
    status = int(words[2]) if len(words) == 3 else 301
    if WildcardRedirect.is_one(source):
        wildcard = WildcardRedirect(number, source, target, status)
        if len(redirects.wildcards) == MAX_WILDCARDS:
            return f"over {MAX_WILDCARDS} lines with a star or placeholders", "write a line for each path"
        if fault := wildcard.fault():
            return fault
        redirects.wildcards.append(wildcard)
        return None
    file = site.file_of(source)
    if file in site.files or file == NOT_FOUND:
        return f"the file {file} is served at {source}", "remove the file or the line"
    if file in redirects.exact:
        first = redirects.exact[file]
        return f"line {first.line} redirects {first.source} already", "remove one of the two"
    redirects.exact[file] = Redirect(number, source, target, status)
    return None


def _form_fault(words: list[str]) -> tuple[str, str] | None:
    if len(words) == 1:
        return "no target", _FORM
    source, target, *rest = words
    if re.match(r"(https?:)?//", source):
        return "a host before the path", "legal: a path of this site; the setting domain redirects hosts"
    if not source.startswith("/"):
        return "the first word is no path", _FORM
    if "=" in target and not re.match(r"/|https?://", target):
        return "matching query parameters is not supported", _FORM
    if not re.match(r"/(?!/)|https?://[^/]", target):
        return f"the target {target} is neither a path nor an http(s) URL", _FORM
    if not all("!" <= each <= "~" for each in target):
        return "the target is not ASCII", "encode it with %, as a browser does"
    return _rest_fault(source, rest)


def _rest_fault(source: str, rest: list[str]) -> tuple[str, str] | None:
    if any("=" in word for word in rest):
        return "conditions (Country, Language, Role …) are not supported", _FORM
    if len(rest) > 1:
        return f"{len(rest) + 2} words", _FORM
    status = rest[0] if rest else "301"
    if status.endswith("!"):
        return "a forced status (!) is not supported", "remove the file at that path, and the !"
    if status == "200":
        application = "the setting routing=spa makes every page index.html"
        return "rewrites and proxies (200) are not supported", application if source == "/*" else _FORM
    if status == "404":
        return "404 rules are not supported", "the page for what is not found is 404.html"
    if status not in map(str, STATUSES):
        return f"the status {status} is no redirect", _FORM
    return None


def _source_fault(source: str, site: Site) -> tuple[str, str] | None:
    if "?" in source or "#" in source:
        return (
            "a query string or fragment in the path",
            "redirect the path; the visitor's query string is kept",
        )
    try:
        decoded = unquote(source, errors="strict")
    except UnicodeDecodeError:
        return "the path is not UTF-8", "encode it with %, as a browser does"
    if {".", ".."} & set(decoded.split("/")):
        return "a path with . or .. in it", "write it as a browser sends it"
    if len(decoded.encode()) > _KEY_BYTES:
        return f"{len(decoded.encode())} bytes of path", f"at most {_KEY_BYTES}"
    if site.single_page and not WildcardRedirect.is_one(source) and not is_file(source):
        return "with routing=spa every path without a dot is the application's", "redirect it in its router"
    return None


def _circles(redirects: Redirects, site: Site) -> Iterator[Fault]:
    """A fault for each circle, at its first line, and for each way that is longer than a browser goes."""
    present = frozenset((*redirects.exact, *site.files))
    told: set[int] = set()
    rules: list[Redirect | WildcardRedirect] = [*redirects.exact.values(), *redirects.wildcards]
    for rule in rules:
        path = rule.sample() if isinstance(rule, WildcardRedirect) else rule.source
        lines = _endless(path, redirects, site, present)
        if rule.line not in lines or told & set(lines):
            continue
        told |= set(lines)
        circle = ", ".join(map(str, dict.fromkeys(lines)))
        if len(set(lines)) == len(lines):
            reason = f"more than {_MAX_STEPS} redirects one after the other: lines {circle}"
        elif len(set(lines)) > 1:
            reason = f"a circle of redirects: lines {circle}"
        else:
            reason = "redirects to itself"
        yield Fault(FILE, rule.line, f"{rule.source} {rule.target}", reason, "let it end at a page")


def _endless(path: str, redirects: Redirects, site: Site, present: Collection[str]) -> list[int]:
    """The lines that are applied to who asks for `path`, those of a circle alone; none if the way ends."""
    lines: list[int] = []
    for _ in range(_MAX_STEPS + 1):
        step = _step(path, redirects, site, present)
        if step is None:
            return []
        line, target = step
        lines += [line] if line else []
        parts = urlsplit(target)
        if parts.netloc:
            return []
        path = parts.path or "/"
    return [line for line in lines if lines.count(line) > 1] or lines


def _step(path: str, redirects: Redirects, site: Site, present: Collection[str]) -> tuple[int, str] | None:
    """(its line, 0 if no line of the file says so, target) of the redirect that answers `path`, if one does."""
    wanted = canonical(path, site.trailing_slash)
    if wanted != path:
        return 0, wanted
    file = site.file_of(path)
    if file in site.files:
        return None
    if file in redirects.exact:
        rule = redirects.exact[file]
        return rule.line, rule.target
    found = redirect_of(file, path, files=present, wildcards=redirects.wildcards)
    wildcard = first_target(path, redirects.wildcards)
    if found is None:
        return None
    return (wildcard[0].line if wildcard and wildcard[1] == found[1] else 0), found[1]
