"""The site's content for its publisher: a few archives and an index, written straight into the cloud assembly.

The CDK would copy and pack the whole folder anew for one changed page. Here a file's archive follows from its
path, and an archive is named by what is in it: one that is there already, in the assembly or in the staging
bucket, is neither packed nor uploaded again.
"""

import gzip
import hashlib
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from stacks.site_folder import Published, SiteFolder, SiteFolderError, read_again
from stacks.site_hosting.publisher.site_index import Entry, SiteIndex
from stacks.site_hosting.rules.content import is_compressed

_FILES_OF_ONE: Final = 256
_BYTES_OF_ONE: Final = 4 * 1024 * 1024
MOST: Final = 16
"""Archives of files that share one. The CDK CLI asks the staging bucket for each on every deploy: 16 take it a
tenth of a second longer than 8, while half a site's sixteenth more to upload for one page takes seconds."""
ALONE_BYTES: Final = 8 * 1024 * 1024
"""From this size on a file is an archive by itself: its neighbours are not uploaded again with it."""
_FORMAT: Final = b"1\n"  # to be raised when the same content is to give another archive
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can have
_CHUNK: Final = 1024 * 1024
_PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the assembly; `digest` is of what it says, whatever the bytes that zlib makes of it."""

    digest: str
    file_name: str


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """The index, and the archives by their numbers in it."""

    index: Written
    archives: tuple[Written, ...]


def write(site: SiteFolder, outdir: Path) -> WrittenSite:
    """Write the index and the archives of `site` into the folder `outdir`, those that are not there yet.

    Raises SiteFolderError if a file is not any more what `inspect` has seen, or if there is no room.
    """
    for left in outdir.glob(f"asset.*{_PART}"):  # of a synth that was killed
        left.unlink(missing_ok=True)
    groups = _groups(site.published)
    written = tuple(_write_archive(group, outdir) for group in groups)
    numbers = {path: number for number, group in enumerate(groups) for path in group}
    index = SiteIndex(
        {
            path: Entry(file.digest, file.size, numbers.get(path), file.fields)
            for path, file in site.published.items()
        },
        site.wildcards,
    )
    return WrittenSite(_write_index(index, outdir), written)


def _groups(published: Mapping[str, Published]) -> list[dict[str, Published]]:
    """The files of each archive, by path."""
    shared = {}
    alone: dict[str, dict[str, Published]] = {}
    for path, file in sorted(published.items()):
        if file.source is None:
            continue
        if file.size < ALONE_BYTES:
            shared[path] = file
        else:
            alone.setdefault(file.digest, {})[path] = file
    number = archives_for(len(shared), sum(file.size for file in shared.values()))
    buckets: list[dict[str, Published]] = [{} for _ in range(number)]
    for path, file in shared.items():
        buckets[hashlib.sha256(path.encode()).digest()[0] % number][path] = file
    return [group for group in (*buckets, *alone.values()) if group]


def archives_for(files: int, size: int) -> int:
    """A power of two, so that a file stays in its archive while others come and go, until it doubles.

    `size`: of all these files, in bytes.
    """
    full = max((files - 1) // _FILES_OF_ONE, (size - 1) // _BYTES_OF_ONE, 0)
    return min(MOST, 1 << full.bit_length())


def _write_archive(group: Mapping[str, Published], outdir: Path) -> Written:
    # by content: equal files are in it once, and no name can trouble a zip
    entries = {file.digest: (_method(path), file) for path, file in sorted(group.items(), reverse=True)}
    lines = "".join(f"{digest} {method}\n" for digest, (method, _) in sorted(entries.items()))
    digest = hashlib.sha256(_FORMAT + lines.encode()).hexdigest()
    target = outdir / f"asset.{digest}.zip"

    def pack(into: IO[bytes]) -> None:
        with zipfile.ZipFile(into, "w") as archive:
            for name, (method, published) in sorted(entries.items()):
                entry = zipfile.ZipInfo(name, _DATE)
                entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
                entry.compress_type, entry.file_size = method, published.size
                with archive.open(entry, "w") as content:
                    for chunk in read_again(published):
                        content.write(chunk)

    if not zipfile.is_zipfile(target):
        _write(target, pack)
    return Written(digest, target.name)


def _method(path: str) -> int:
    return zipfile.ZIP_STORED if is_compressed(path) else zipfile.ZIP_DEFLATED


def _write_index(index: SiteIndex, outdir: Path) -> Written:
    plain = index.to_json()
    digest = hashlib.sha256(plain).hexdigest()
    target = outdir / f"asset.{digest}.json.gz"
    packed = gzip.compress(plain, mtime=0)
    if not target.is_file() or target.read_bytes() != packed:
        _write(target, lambda into: into.write(packed))
    return Written(digest, target.name)


def _write(target: Path, fill: Callable[[IO[bytes]], Any]) -> None:
    """All of the file or nothing, whenever this is killed or the machine loses its power."""
    part = target.with_name(target.name + _PART)
    try:
        with part.open("wb") as into:
            fill(into)
            into.flush()
            os.fsync(into.fileno())
        part.replace(target)
    except OSError as error:
        raise SiteFolderError(
            f"site archives: {target}: cannot be written: {error.strerror}; "
            "make room there, or take another folder: cdk --output=<folder>"
        ) from None
    finally:
        part.unlink(missing_ok=True)
