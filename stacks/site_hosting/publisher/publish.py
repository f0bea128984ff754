"""Publishing a version, going back to one, and telling which there are: the order of steps is the guarantee.

A version's objects are put where nothing points yet; its manifest says that it is whole; one write to the
KeyValueStore makes it live. What is interrupted before that write changes nothing that a visitor sees.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from .archive import Archive
from .manifest import File, Version, digest_of
from .pointer import MAX_CHANGED, MovedError, Pointer, with_colliding
from .store import Store

_ATTEMPTS: Final = 3


class RefusedError(Exception):
    """What was asked for cannot be done; nothing was changed. The message says why, on one line."""


class Publisher:
    """The site's versions."""

    def __init__(
        self, store: Store, pointer: Pointer, *, keep: int, now: Callable[[], float] = time.time
    ) -> None:
        """`keep`: how many versions are kept beside those that these need (2 to `pointer.MAX_VERSIONS`)."""
        self._store, self._pointer, self._keep, self._now = store, pointer, keep, now

    def publish(self, archive: Archive, *, commit: str) -> Version:
        """Make the archive's content live; moves nothing if it is, and no content if a kept version has it.

        An operator who went back from a version has turned it down: its content comes again when CloudFormation
        rolls a later, failed update back, and is not made live for that.
        """
        files = archive.files()
        digest = digest_of(files, archive.wildcards)
        versions = self._store.versions()
        present = self._store.objects()
        live = self._live(versions)
        same = [version for version in versions if version.digest == digest]
        if live in same:
            same.insert(0, live)  # of several, the one that is live already
        for version in same:
            if live and version.id > live.id and self._pointer.is_by_operator():
                return live
            if not version.missing(present):
                self._go_live(version, self._kept(version, versions), by_operator=False)
                return version
        new = self._add(files, digest, commit, live, versions, archive, present)
        kept = self._kept(new, [new, *versions])
        self._go_live(new, kept, by_operator=False)
        self._store.remove_all_but(kept, present)
        return new

    def roll_back(self, version: str = "") -> Version:
        """Make a kept version live: the one named, else the one before the live one. Raises `RefusedError`."""
        versions = self._store.versions()
        target = self._wanted(version, versions)
        missing = target.missing(self._store.objects(target.id) | self._store.objects(target.base))
        if missing:
            raise RefusedError(
                f"version {target.id} is not whole: {len(missing)} of {len(target.files)} files are missing "
                f"or damaged, the first is {missing[0]}"
            )
        self._go_live(target, versions, by_operator=True)
        return target

    def history(self) -> list[dict[str, Any]]:
        """The kept versions, the newest first: id, created, commit, files, bytes, what was uploaded, live."""
        live = self._pointer.live()
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

    def _live(self, versions: list[Version]) -> Version | None:
        live = self._pointer.live()
        return next((version for version in versions if version.id == live), None)

    def _wanted(self, version: str, versions: list[Version]) -> Version:
        known = ", ".join(each.id for each in versions) or "none"
        if version:
            for each in versions:
                if each.id == version:
                    return each
            raise RefusedError(f"there is no version {version}; kept are: {known}")
        live = self._pointer.live()
        older = [each for each in versions if each.id < live]
        if not older:
            raise RefusedError(f"no version is older than the live one ({live or 'none'}); kept are: {known}")
        return older[0]

    def _add(
        self,
        files: Mapping[str, File],
        digest: str,
        commit: str,
        live: Version | None,
        versions: list[Version],
        archive: Archive,
        present: Mapping[str, int],
    ) -> Version:
        """Store a new version: as a difference to the live one's base if it differs in few paths, else whole."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._now()))
        new = f"{stamp}-{digest[:8]}"
        bases = {version.id: version for version in versions if version.base == version.id}
        base = bases.get(live.base) if live else None
        changed = _differing(files, base.files) if base else frozenset()
        if base and len(changed) <= MAX_CHANGED and not base.missing(present):
            stored = changed & files.keys()
        else:
            base, changed, stored = None, frozenset(files), frozenset(files)
        contents = {path: file.content for path, file in live.files.items()} if live else {}
        had = {path: live.key(path) for path in stored if live and contents.get(path) == files[path].content}
        if live and had and live.missing(present):
            had = {}
        sent = stored - had.keys()
        self._store.copy(new, had, archive.fields)
        self._store.upload(new, {path: files[path] for path in sent}, archive)
        version = Version(
            id=new,
            digest=digest,
            files=files,
            base=base.id if base else new,
            stored=stored,
            changed=changed,
            wildcards=archive.wildcards,
            commit=commit,
            uploaded_files=len(sent),
            uploaded_bytes=sum(files[path].size for path in sent),
        )
        missing = version.missing({**present, **self._store.objects(new)})
        if missing:
            raise RuntimeError(f"{missing[0]} is not in the bucket as it was uploaded")
        self._store.write_manifest(version)
        return version

    def _go_live(self, version: Version, kept: list[Version], *, by_operator: bool) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._pointer.point(version, kept, by_operator=by_operator)
                return
            except MovedError:
                if attempt == _ATTEMPTS - 1:
                    raise

    def _kept(self, live: Version, versions: list[Version]) -> list[Version]:
        """The live one, the newest ones, and the bases of both."""
        others = [version.id for version in versions if version.id != live.id]
        chosen = {live.id, *others[: self._keep - 1]}
        chosen |= {version.base for version in versions if version.id in chosen}
        return [version for version in versions if version.id in chosen]


def _differing(files: Mapping[str, File], others: Mapping[str, File]) -> frozenset[str]:
    """The paths that one has and the other has not, or with another content; and what collides with them."""
    changed = [path for path in files.keys() | others.keys() if files.get(path) != others.get(path)]
    return with_colliding(changed, files.keys()) if len(changed) <= MAX_CHANGED else frozenset(changed)
