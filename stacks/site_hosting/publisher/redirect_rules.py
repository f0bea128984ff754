"""The file `_redirects`: paths that moved. docs/site-rules.md describes the format.

A redirect is an object without content, where the file of its path would be; its metadata says where to.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from .fault import Fault
from .urls import file_of

FILE: Final = "_redirects"
STATUSES: Final = (301, 302, 303, 307, 308)
_STATUSES: Final = ", ".join(map(str, STATUSES))
_FORM: Final = f"legal: /from /to or /from https://host/to, and one of {_STATUSES}, 301 if none is given"
_KEY_BYTES: Final = 800  # "Naming Amazon S3 objects" has 1,024; the version's prefix is part of them


@dataclass(frozen=True, slots=True)
class Redirect:
    """From the path `source` to `target`, a path or a URL, with `status`, one of `STATUSES`."""

    line: int
    source: str
    target: str
    status: int

    @property
    def file(self) -> str:
        """Where the redirect's object lies below the version's prefix."""
        return file_of(self.source, single_page=False)

    @property
    def leads_to(self) -> str:
        """The file that its target asks for; empty if it is on another host."""
        parts = urlsplit(self.target)
        return "" if parts.netloc else file_of(parts.path, single_page=False)


def parse(
    text: str, *, files: Collection[str], single_page: bool
) -> tuple[Mapping[str, Redirect], list[Fault]]:
    """File -> redirect, and what is wrong. `files`: those of the site, which a redirect cannot stand before."""
    redirects: dict[str, Redirect] = {}
    faults: list[Fault] = []
    for number, raw in enumerate(text.splitlines(), 1):
        words = re.split(r"\s#", raw, maxsplit=1)[0].split()
        if not words or words[0].startswith("#"):
            continue
        line = " ".join(words)
        reason, legal = _form_fault(words) or _source_fault(words[0], single_page=single_page) or ("", "")
        if not reason:
            found = Redirect(number, words[0], words[1], int(words[2]) if len(words) == 3 else 301)
            reason, legal = _clash(found, redirects, files) or ("", "")
        if reason:
            faults.append(Fault(FILE, number, line, reason, legal))
        else:
            redirects[found.file] = found
    return redirects, faults + _loops(redirects)


def _form_fault(words: list[str]) -> tuple[str, str] | None:
    if len(words) == 1:
        return "no target", _FORM
    source, target, *rest = words
    if re.match(r"(https?:)?//", source):
        return "a host before the path", "legal: a path of this site; the setting domain redirects hosts"
    if not source.startswith("/"):
        return "the first word is no path", _FORM
    if "*" in source or re.search(r"/:\w", source):
        return "splats and placeholders are not supported", "write a line for each path"
    if "=" in target and not re.match(r"/|https?://", target):
        return "matching query parameters is not supported", _FORM
    if not re.match(r"/(?!/)|https?://[^/]", target):
        return f"the target {target} is neither a path nor an http(s) URL", _FORM
    if not all("!" <= each <= "~" for each in target):
        return "the target is not ASCII", "encode it with %, as a browser does"
    return _rest_fault(rest)


def _rest_fault(rest: list[str]) -> tuple[str, str] | None:
    if any("=" in word for word in rest):
        return "conditions (Country, Language, Role …) are not supported", _FORM
    if len(rest) > 1:
        return f"{len(rest) + 2} words", _FORM
    status = rest[0] if rest else "301"
    if status.endswith("!"):
        return "a forced status (!) is not supported", "remove the file at that path, and the !"
    if status == "200":
        return "rewrites and proxies (200) are not supported", _FORM
    if status == "404":
        return "404 rules are not supported", "the page for what is not found is 404.html"
    if status not in map(str, STATUSES):
        return f"the status {status} is no redirect", _FORM
    return None


def _source_fault(source: str, *, single_page: bool) -> tuple[str, str] | None:
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
    is_file = file_of(source, single_page=True) == unquote(source[1:])
    if single_page and not is_file:
        return "with routing=spa every path without a dot is the application's", "redirect it in its router"
    return None


def _clash(found: Redirect, others: Mapping[str, Redirect], files: Collection[str]) -> tuple[str, str] | None:
    if found.file in files or found.file == "404.html":
        return f"the file {found.file} is served at {found.source}", "remove the file or the line"
    if found.file in others:
        first = others[found.file]
        return f"line {first.line} redirects {first.source} already", "remove one of the two"
    return None


def _loops(redirects: Mapping[str, Redirect]) -> list[Fault]:
    """A fault for each circle, at its first line."""
    faults = []
    for start, rule in redirects.items():
        chain, at = [rule], rule.leads_to
        while at in redirects and at != start and redirects[at] not in chain:
            chain.append(redirects[at])
            at = redirects[at].leads_to
        if at == start and rule.line == min(each.line for each in chain):
            lines = ", ".join(str(each.line) for each in chain)
            reason = f"a circle of redirects: lines {lines}" if len(chain) > 1 else "redirects to itself"
            faults.append(
                Fault(FILE, rule.line, f"{rule.source} {rule.target}", reason, "let it end at a page")
            )
    return faults
