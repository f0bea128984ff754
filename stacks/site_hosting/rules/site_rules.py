"""The rules of a version: what the edge is told about each of its files, beside the content.

They lie on the object itself, as its metadata, so that they become live and are rolled back with the version.
edge/viewer_response.js makes header fields of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from . import header_rules, redirect_rules
from .content import cache_control, content_type, is_page
from .fault import Fault, RulesError
from .fields import PREFIX, REDIRECT, Fields
from .header_rules import HeaderRule
from .page_policy import policy_of, warnings
from .urls import TrailingSlash, placed

FILES: Final = frozenset({header_rules.FILE, redirect_rules.FILE})
"""Files with rules, at the top of the site; they are not published."""
MAX_BYTES: Final = 256 * 1024
"""Of a file with rules."""
# "Working with object metadata": user-defined metadata, names and values together.
_METADATA_BYTES: Final = 2048
_POLICY: Final = "content-security-policy"


class Rules:
    """The rules of one folder.

    Attributes:
        policy: the Content-Security-Policy of the pages.
        files: where a file is looked for (its path in a URL, not encoded) -> its path in the folder.
        redirects: by the file in whose place each is.
        wildcards: redirects of many paths, in their order.
    """

    def __init__(
        self,
        texts: Mapping[str, bytes],
        *,
        content_security_policy: str,
        files: Collection[str] = (),
        single_page: bool = False,
        trailing_slash: TrailingSlash = "by-file",
    ) -> None:
        """`texts`: those of `FILES` that there are; `files`: what else the folder has. Raises RulesError."""
        self.policy = content_security_policy
        self.files, faults = _placed(files, trailing_slash)
        self._headers, more = header_rules.parse(_text(texts, header_rules.FILE))
        faults += more
        site = redirect_rules.Site(self.files.keys(), single_page, trailing_slash)
        read, more = redirect_rules.parse(_text(texts, redirect_rules.FILE), site)
        self.redirects, self.wildcards = read.exact, tuple(read.wildcards)
        if faults or more:
            raise RulesError([*faults, *more])

    def fields(self, path: str, page: bytes = b"") -> Fields:
        """Of a file; `page` is its content, needed if it is a page. Raises RulesError if they are too many."""
        own = {rule.name: rule for rule in self._headers if self._is_meant(rule, path)}  # the last one counts
        values = {name: rule.value for name, rule in own.items()}
        base = values.get(_POLICY, self.policy)
        if is_page(path) and (policy := policy_of(page, base)) != self.policy:
            values[_POLICY] = policy
        found = Fields(
            values.pop("content-type", content_type(path)),
            values.pop("cache-control", cache_control(path)),
            {PREFIX + name: value for name, value in sorted(values.items())},
        )
        if path in self.redirects:
            metadata = {
                **found.metadata,
                REDIRECT: f"{self.redirects[path].status} {self.redirects[path].target}",
            }
            found = Fields(found.content_type, found.cache_control, metadata)
        size = sum(len(name) + len(value) for name, value in found.metadata.items())
        if size > _METADATA_BYTES:
            reason = f"{size:,} bytes of header fields and hashes; the limit of S3 is {_METADATA_BYTES:,}"
            legal = "move inline scripts and styles to files, or shorten the fields in _headers"
            raise RulesError([Fault(path, 0, "rules of the file", reason, legal)])
        return found

    def unused(self, paths: Iterable[str]) -> Iterator[HeaderRule]:
        """The rules that match none of the files."""
        files = list(paths)
        seen: dict[str, bool] = {}
        for rule in self._headers:
            if rule.pattern not in seen:
                seen[rule.pattern] = any(self._is_meant(rule, file) for file in files)
                if not seen[rule.pattern]:
                    yield rule

    def warnings(self, path: str, page: bytes) -> Iterator[str]:
        """What is in a page that its policy allows grudgingly or not at all, a line each."""
        policy = next(
            (r.value for r in reversed(self._headers) if r.name == _POLICY and self._is_meant(r, path)),
            self.policy,
        )
        for line, what in warnings(page, policy):
            yield f"{self.files.get(path, path)}:{line}: {what}"

    def _is_meant(self, rule: HeaderRule, path: str) -> bool:
        """By the path of the URL, or by that in the folder."""
        return rule.matches(path) or (path in self.files and rule.matches(self.files[path]))


def _text(texts: Mapping[str, bytes], file: str) -> str:
    content = texts.get(file, b"")
    if len(content) > MAX_BYTES:
        raise RulesError(
            [Fault(file, 0, f"{len(content):,} bytes", "too long", f"at most {MAX_BYTES:,} bytes")]
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RulesError([Fault(file, line, "its bytes", "not UTF-8", "save the file as UTF-8")]) from None


def _placed(files: Collection[str], trailing_slash: TrailingSlash) -> tuple[dict[str, str], list[Fault]]:
    """Where each file is looked for, and the faults of those that would be at one place."""
    found: dict[str, str] = {}
    faults = []
    for file in files:
        at = placed(file, trailing_slash)
        if at in found:
            reason = f"with trailing_slash={trailing_slash} it is the same page as {found[at]}"
            faults.append(Fault(file, 0, "two files of one page", reason, "remove one of the two"))
        found[at] = file
    return found, faults
