"""What a version of the site consists of, as it is written down in the bucket."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class File:
    """One file: `digest` is `<SHA-256 of its content>-<digest of its fields>`; size in bytes."""

    digest: str
    size: int

    @property
    def content(self) -> tuple[str, int]:
        """The same for two files that differ in their rules only."""
        return self.digest.partition("-")[0], self.size


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the site; it is whole once its manifest is in the bucket, which is written last.

    Attributes:
        id: time of its first deploy and the beginning of `digest`: sorts by time.
        digest: of all paths, contents and rules.
        files: path -> File, all that it serves.
        base: id of the version that it is stored as a difference to; its own id if it is stored whole.
        stored: the paths whose objects lie in its own prefix; the others lie in that of `base`.
        changed: the paths for which its own prefix is asked, and not that of `base`: `stored`, and what
            `base` has and this version has not.
        wildcards: (source, target, status) of the redirects of many paths, in their order.
        commit: of the site's source, empty if unknown.
        uploaded_files, uploaded_bytes: what its deploy sent to the bucket; the rest was there, or was copied.
    """

    id: str
    digest: str
    files: Mapping[str, File]
    base: str
    stored: frozenset[str]
    changed: frozenset[str]
    wildcards: tuple[tuple[str, str, int], ...] = ()
    commit: str = ""
    uploaded_files: int = 0
    uploaded_bytes: int = 0

    @property
    def created(self) -> str:
        """Time of the deploy, UTC, as in RFC 3339."""
        return datetime.strptime(self.id[:16], "%Y%m%dT%H%M%SZ").strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def size(self) -> int:
        """Bytes that it serves, all files together."""
        return sum(file.size for file in self.files.values())

    def key(self, path: str) -> str:
        """The key of a file's object."""
        return object_key(self.id if path in self.changed or self.base == self.id else self.base, path)

    def missing(self, objects: Mapping[str, int]) -> list[str]:
        """The paths of which `objects` (key -> size) has none, or one of another size."""
        return [path for path, file in self.files.items() if objects.get(self.key(path)) != file.size]

    def to_json(self) -> str:
        """As it is stored."""
        plain: dict[str, Any] = {
            **asdict(replace(self, files={})),
            "stored": sorted(self.stored),
            "changed": sorted(self.changed),
            "files": {path: [file.digest, file.size] for path, file in sorted(self.files.items())},
        }
        return json.dumps(plain, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Version":
        """Read what `to_json` wrote; raises ValueError, KeyError or TypeError if it is anything else."""
        plain = json.loads(text)
        plain["files"] = {path: File(digest, size) for path, (digest, size) in plain["files"].items()}
        plain["wildcards"] = tuple((str(a), str(b), int(c)) for a, b, c in plain.get("wildcards", ()))
        plain["stored"], plain["changed"] = frozenset(plain["stored"]), frozenset(plain["changed"])
        return cls(**plain)


VERSIONS: Final = "versions/"
"""Prefix of all that is served."""
MANIFESTS: Final = "manifests/"
"""Prefix of the manifests: outside of what a URL can name."""


def object_key(version: str, path: str) -> str:
    """Where a version's own file lies in the bucket; the edge function builds the same (edge/viewer_request.js)."""
    return f"{VERSIONS}{version}/{path}"


def manifest_key(version: str) -> str:
    """Where a version's manifest lies."""
    return f"{MANIFESTS}{version}.json"


def version_of(key: str) -> str:
    """The version that an object or a manifest is of."""
    return key.split("/")[1].removesuffix(".json") if key.startswith(MANIFESTS) else key.split("/")[1]


def digest_of(files: Mapping[str, File], wildcards: Sequence[tuple[str, str, int]] = ()) -> str:
    """One digest for all paths, contents and rules."""
    total = hashlib.sha256(json.dumps(wildcards).encode() if wildcards else b"")
    for path, file in sorted(files.items()):
        total.update(f"{path}\0{file.digest}\n".encode())
    return total.hexdigest()
