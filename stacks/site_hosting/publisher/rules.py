"""The rules of a version: what the edge is told about each of its files, beside the content.

They lie on the object itself, as its metadata, so that they become live and are rolled back with the version.
edge/viewer_response.js makes header fields of them.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from . import header_rules, redirect_rules
from .content import cache_control, content_type, is_page
from .fault import Fault, RulesError
from .header_rules import HeaderRule
from .page_policy import policy_of, warnings

FILES: Final = frozenset({header_rules.FILE, redirect_rules.FILE})
"""Files with rules, at the top of the site; they are not published."""
MAX_BYTES: Final = 256 * 1024
"""Of a file with rules."""
# "Working with object metadata": user-defined metadata, names and values together.
_METADATA_BYTES: Final = 2048
_PREFIX: Final = "h-"
"""Before the name of a header field in the metadata; edge/viewer_response.js takes it off."""
REDIRECT: Final = "redirect"
"""Metadata with the status and the target of a redirect."""
_POLICY: Final = "content-security-policy"


@dataclass(frozen=True, slots=True)
class Fields:
    """What S3 is told about an object."""

    content_type: str
    cache_control: str
    metadata: Mapping[str, str] = field(default_factory=dict)

    def for_s3(self) -> dict[str, Any]:
        """As parameters of PutObject and CopyObject."""
        return {
            "ContentType": self.content_type,
            "CacheControl": self.cache_control,
            "Metadata": dict(self.metadata),
        }

    def digest(self) -> str:
        """16 hexadecimal digits that differ if any field differs."""
        plain = [self.content_type, self.cache_control, sorted(self.metadata.items())]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


class Rules:
    """The rules of one folder."""

    def __init__(
        self,
        texts: Mapping[str, bytes],
        *,
        content_security_policy: str,
        files: Collection[str] = (),
        single_page: bool = False,
    ) -> None:
        """`texts`: those of `FILES` that there are; `files`: what else the site has. Raises RulesError."""
        self.policy = content_security_policy
        self._headers, faults = header_rules.parse(_text(texts, header_rules.FILE))
        self.redirects, more = redirect_rules.parse(
            _text(texts, redirect_rules.FILE), files=files, single_page=single_page
        )
        if faults or more:
            raise RulesError([*faults, *more])

    def fields(self, path: str, page: bytes = b"") -> Fields:
        """Of a file; `page` is its content, needed if it is a page. Raises RulesError if they are too many."""
        own = {rule.name: rule for rule in self._headers if rule.matches(path)}  # the last one counts
        values = {name: rule.value for name, rule in own.items()}
        base = values.get(_POLICY, self.policy)
        if is_page(path) and (policy := policy_of(page, base)) != self.policy:
            values[_POLICY] = policy
        found = Fields(
            values.pop("content-type", content_type(path)),
            values.pop("cache-control", cache_control(path)),
            {_PREFIX + name: value for name, value in sorted(values.items())},
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
                seen[rule.pattern] = any(rule.matches(file) for file in files)
                if not seen[rule.pattern]:
                    yield rule

    def warnings(self, path: str, page: bytes) -> Iterator[str]:
        """What is in a page that its policy allows grudgingly or not at all, a line each."""
        policy = next(
            (r.value for r in reversed(self._headers) if r.name == _POLICY and r.matches(path)), self.policy
        )
        for line, what in warnings(page, policy):
            yield f"{path}:{line}: {what}"


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
