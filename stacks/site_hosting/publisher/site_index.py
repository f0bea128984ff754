"""The index of a site: what is published under which path, and in which archive its content is.

Written at synth (stacks/site_hosting/archives.py), read by the publisher: the format is here for both.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..rules.fields import Fields
from .manifest import File

_NO_ARCHIVE: Final = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One path: `digest` is the SHA-256 of its content in hexadecimal digits, size in bytes.

    `archive`: the number of the archive with the content; None for a redirect, which has none.
    """

    digest: str
    size: int
    archive: int | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class SiteIndex:
    """All paths of a site, and (source, target, status) of its redirects of many paths, in their order."""

    entries: Mapping[str, Entry]
    wildcards: tuple[tuple[str, str, int], ...] = ()

    def files(self) -> dict[str, File]:
        """As the manifest has them: what a browser is told about a file is part of its digest."""
        numbered, numbers = _numbered(self.entries)
        digests = [fields.digest() for fields in numbered]
        return {
            path: File(f"{entry.digest}-{digests[numbers[path]]}", entry.size)
            for path, entry in self.entries.items()
        }

    def to_json(self) -> bytes:
        """The same bytes for the same site, whatever the order of its entries."""
        entries = dict(sorted(self.entries.items()))
        numbered, numbers = _numbered(entries)
        plain = {
            "wildcards": self.wildcards,
            "fields": [[each.content_type, each.cache_control, dict(each.metadata)] for each in numbered],
            "files": {
                path: [
                    entry.digest,
                    entry.size,
                    _NO_ARCHIVE if entry.archive is None else entry.archive,
                    numbers[path],
                ]
                for path, entry in entries.items()
            },
        }
        return json.dumps(plain, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "SiteIndex":
        """Read what `to_json` wrote; raises ValueError, KeyError or TypeError if it is anything else."""
        plain = json.loads(text)
        numbered = [Fields(kind, caching, metadata) for kind, caching, metadata in plain["fields"]]
        entries = {
            path: Entry(digest, size, None if archive == _NO_ARCHIVE else archive, numbered[number])
            for path, (digest, size, archive, number) in plain["files"].items()
        }
        return cls(entries, tuple((str(a), str(b), int(c)) for a, b, c in plain["wildcards"]))


def _numbered(entries: Mapping[str, Entry]) -> tuple[list[Fields], dict[str, int]]:
    """The fields that occur, each once, in the order of their first path; and the number of each path's."""
    numbered: list[Fields] = []
    known: dict[tuple[str, str, tuple[tuple[str, str], ...]], int] = {}
    numbers: dict[str, int] = {}
    for path, entry in entries.items():
        fields = entry.fields
        key = (fields.content_type, fields.cache_control, tuple(sorted(fields.metadata.items())))
        if key not in known:
            known[key] = len(numbered)
            numbered.append(fields)
        numbers[path] = known[key]
    return numbered, numbers
