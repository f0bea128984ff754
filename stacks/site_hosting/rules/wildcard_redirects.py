"""Redirects of many paths at once: lines of `_redirects` with a star or placeholders.

They hold for paths at which there is no file, in their order. A star takes the rest of the path, and is `:splat`
in the target; `:name` takes one segment.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from .urls import encoded

SPLAT: Final = "splat"
_NAMED: Final = re.compile(r":([A-Za-z]\w*)", re.ASCII)
_SAMPLE: Final = "x"


@dataclass(frozen=True)
class WildcardRedirect:
    """From the paths that `source` matches to `target`, a path or a URL, with `status`; `line` of the file."""

    line: int
    source: str
    target: str
    status: int

    @staticmethod
    def is_one(source: str) -> bool:
        """Whether the first word of a line is of this kind."""
        return "*" in source or re.search(r"/:[A-Za-z]", source) is not None

    @cached_property
    def regex(self) -> str:
        """As a regular expression for whole paths, as they stand in a URL; named groups for what is taken."""
        text = ""
        for segment in self.source.split("/")[1:]:
            if segment == "*":
                text += f"/(?P<{SPLAT}>.*)"
            elif name := _NAMED.fullmatch(segment):
                text += f"/(?P<{name[1]}>[^/]+)"
            else:
                text += "/" + re.escape(encoded(segment))
        return text

    @property
    def names(self) -> list[str]:
        """What its source takes from a path, in order."""
        return [
            SPLAT if found == "*" else found[1:] for found in re.findall(r"\*$|:[A-Za-z]\w*", self.source)
        ]

    def fault(self) -> tuple[str, str] | None:
        """(reason, what is legal) if it cannot be applied."""
        segments = self.source.split("/")[1:]
        if "*" in "/".join(segments[:-1]) or ("*" in segments[-1] and segments[-1] != "*"):
            return "a star that is not a whole segment at the end", "legal: /old/* /new/:splat"
        if any(":" in each and not _NAMED.fullmatch(each) for each in segments):
            return "a placeholder that is not a whole segment", "legal: /news/:year/:title /blog/:title"
        if len(set(self.names)) < len(self.names) or self.names[:-1].count(SPLAT):
            return "a placeholder that occurs twice", "name each once"
        if "*" in self.target:
            return "a star in the target", "legal: :splat, which is what the star took"
        host, path = _split(self.target)
        if _NAMED.search(host.partition("://")[2]):
            return "a placeholder in the host", "legal: placeholders in the path"
        for name in _NAMED.findall(path):
            if name not in self.names:
                return f":{name} is not in the path that is redirected", "legal: what the first word takes"
        return None

    def target_of(self, path: str) -> str | None:
        """Where a path, as it stands in a URL, is sent to; None if it is not meant."""
        matched = re.fullmatch(self.regex, encoded(path))
        if matched is None:
            return None
        host, rest = _split(self.target)
        filled = _NAMED.sub(lambda name: matched[name[1]], rest)
        # of a path that begins with two slashes a browser makes another host
        return host + re.sub(r"^/+", "/", filled)

    def sample(self) -> str:
        """A path that it matches."""
        return "/".join(
            _SAMPLE if each == "*" or _NAMED.fullmatch(each) else each for each in self.source.split("/")
        )


def first_target(path: str, rules: Sequence[WildcardRedirect]) -> tuple[WildcardRedirect, str] | None:
    """The first rule that is meant by a path, and where it sends it."""
    for rule in rules:
        target = rule.target_of(path)
        if target is not None:
            return rule, target
    return None


def _split(target: str) -> tuple[str, str]:
    """The host with its scheme, empty if there is none, and the rest."""
    host = re.match(r"https?://[^/?#]*", target)
    return (host[0], target[host.end() :]) if host else ("", target)
