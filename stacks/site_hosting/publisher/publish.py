"""Publishing a version, going back to one, and telling which there are: the order of steps is the guarantee.

A version's objects are put where nothing points yet; its manifest says that it is whole; one write to the
KeyValueStore makes it live. What is interrupted before that write changes nothing that a visitor sees.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from .archives import Archives
from .manifest import File, Version, digest_of
from .pointer import MAX_CHANGED, MovedError, Pointed, Pointer, value, with_colliding
from .store import Store

_ATTEMPTS: Final = 3
_DIGITS: Final = 8  # of a version's digest, at the end of its id


class RefusedError(Exception):
    """What was asked for cannot be done; nothing was changed. The message says why, on one line."""


class Publisher:
    """The site's versions."""

    def __init__(
        self, store: Store, pointer: Pointer, *, keep: int, now: Callable[[], float] = time.time
    ) -> None:
        """`keep`: how many versions are kept beside those that these need (2 to `pointer.MAX_VERSIONS`)."""
        self._store, self._pointer, self._keep, self._now = store, pointer, keep, now

    def publish(self, archives: Archives, *, commit: str) -> Version:
        """Make the site in `archives` live; moves nothing if it is, and no content if a kept version has it.

        An operator who went back from a version has turned it down: its content comes again when CloudFormation
        rolls a later, failed update back, and is not made live for that.
        """
        index = archives.index
        files = index.files()
        digest = digest_of(files, index.wildcards)
        ids, prefixes, pointed = self._store.ids(), self._store.prefixes(), self._pointer.read()
        live = self._store.version(pointed.live) if pointed.live in ids else None
        alike = [self._store.version(each) for each in ids if each.endswith(f"-{digest[:_DIGITS]}")]
        same = [version for version in alike if version.digest == digest]
        if live in same:
            same.insert(0, live)  # of several, the one that is live already
        for version in same:
            if live and version.id > live.id and pointed.is_by_operator:
                return live
            if not self._store.missing(version):
                self._go_live(version, self._kept(version, ids, pointed), pointed, by_operator=False)
                return version
        new = self._add(files, digest, commit, live, archives)
        kept = self._kept(new, [new.id, *ids], pointed)
        self._go_live(new, kept, pointed, by_operator=False)
        self._store.remove([each for each in sorted({*ids, *prefixes}) if each not in kept])
        return new

    def roll_back(self, version: str = "") -> Version:
        """Make a kept version live: the one named, else the one before the live one. Raises `RefusedError`."""
        ids, pointed = self._store.ids(), self._pointer.read()
        target = self._store.version(_wanted(version, pointed.live, ids))
        missing = self._store.missing(target)
        if missing:
            raise RefusedError(
                f"version {target.id} is not whole: {len(missing)} of {len(target.files)} files are missing "
                f"or damaged, the first is {missing[0]}"
            )
        kept = {each: self._value(each, pointed) for each in ids}
        self._go_live(target, kept, pointed, by_operator=True)
        return target

    def history(self) -> list[dict[str, Any]]:
        """The kept versions, the newest first: id, created, commit, files, bytes, what was uploaded, live."""
        live = self._pointer.read().live
        return [
            {
                "version": version.id,
                "created": version.created,
                "commit": version.commit,
                "files": len(version.files),
                "bytes": version.size,
                "uploaded_files": version.uploaded_files,
                "uploaded_bytes": version.uploaded_bytes,
                "live": version.id == live,
            }
            for version in self._store.versions()
        ]

    def _add(
        self, files: Mapping[str, File], digest: str, commit: str, live: Version | None, archives: Archives
    ) -> Version:
        """Store a new version: as a difference to the live one's base if it differs in few paths, else whole."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._now()))
        new = f"{stamp}-{digest[:_DIGITS]}"
        base = self._base(live)
        changed = _differing(files, base.files) if base else frozenset()
        if base and len(changed) <= MAX_CHANGED and not self._store.missing(base):
            stored = changed & files.keys()
        else:
            base, changed, stored = None, frozenset(files), frozenset(files)
        contents = {path: file.content for path, file in live.files.items()} if live else {}
        had = {path: live.key(path) for path in stored if live and contents.get(path) == files[path].content}
        if live and had and self._store.missing(live):
            had = {}
        sent = stored - had.keys()
        self._store.copy(new, had, archives.fields)
        self._store.upload(new, {path: files[path] for path in sent}, archives)
        version = Version(
            id=new,
            digest=digest,
            files=files,
            base=base.id if base else new,
            stored=stored,
            changed=changed,
            wildcards=archives.index.wildcards,
            commit=commit,
            uploaded_files=len(sent),
            uploaded_bytes=sum(files[path].size for path in sent),
        )
        present = self._store.objects(new, stored)
        for path in stored:
            if present.get(version.key(path)) != files[path].size:
                raise RuntimeError(f"{path} is not in the bucket as it was uploaded")
        self._store.write_manifest(version)
        return version

    def _base(self, live: Version | None) -> Version | None:
        """The whole version that the live one is, or is a difference to."""
        if live is None or live.base == live.id:
            return live
        return self._store.version(live.base)

    def _go_live(
        self, version: Version, kept: Mapping[str, str], pointed: Pointed, *, by_operator: bool
    ) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._pointer.point(version, kept, pointed, by_operator=by_operator)
                return
            except MovedError:
                if attempt == _ATTEMPTS - 1:
                    raise
                pointed = self._pointer.read()

    def _kept(self, live: Version, ids: Sequence[str], pointed: Pointed) -> dict[str, str]:
        """The live one, the newest ones, and the bases of both: id -> value in the store."""
        others = [each for each in ids if each != live.id]
        values = {live.id: value(live)}
        values |= {each: self._value(each, pointed) for each in others[: self._keep - 1]}
        bases = {text.split(" ")[1] for text in values.values()}
        return values | {each: self._value(each, pointed) for each in bases - values.keys()}

    def _value(self, version: str, pointed: Pointed) -> str:
        """As the store has it: then its manifest, which is as long as the site is big, need not be read."""
        return pointed.items.get(version) or value(self._store.version(version))


def _wanted(version: str, live: str, ids: Sequence[str]) -> str:
    known = ", ".join(ids) or "none"
    if version:
        if version in ids:
            return version
        raise RefusedError(f"there is no version {version}; kept are: {known}")
    older = [each for each in ids if each < live]
    if not older:
        raise RefusedError(f"no version is older than the live one ({live or 'none'}); kept are: {known}")
    return older[0]


def _differing(files: Mapping[str, File], others: Mapping[str, File]) -> frozenset[str]:
    """The paths that one has and the other has not, or with another content; and what collides with them."""
    changed = [path for path in files.keys() | others.keys() if files.get(path) != others.get(path)]
    return with_colliding(changed, files.keys()) if len(changed) <= MAX_CHANGED else frozenset(changed)
