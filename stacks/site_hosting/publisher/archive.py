"""The site as the CDK staged it: one zip file, read entry by entry."""

import hashlib
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Final

from .content import cache_control, content_type
from .manifest import File

_CHUNK: Final = 1024 * 1024


class Archive:
    """The files of a zip; never more than a chunk of one is in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises zipfile.BadZipFile if it is none."""
        self._zip = zipfile.ZipFile(file)
        self._entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}

    def files(self) -> Mapping[str, File]:
        """Path -> digest and size of each file: reads it all once."""
        return {path: File(self._digest(path), entry.file_size) for path, entry in self._entries.items()}

    def open(self, path: str) -> IO[bytes]:
        """The content of one file; each call has a reader of its own."""
        return self._zip.open(self._entries[path])

    def _digest(self, path: str) -> str:
        total = hashlib.sha256()
        with self.open(path) as file:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
        # what a browser is told about a file is part of it: a new rule for it is a new version
        total.update(f"\0{content_type(path)}\0{cache_control(path)}".encode())
        return total.hexdigest()


def download(client: Any, bucket: str, key: str, into: IO[bytes]) -> Archive:
    """Fetch the archive into an open temporary file."""
    client.download_fileobj(bucket, key, into)
    into.seek(0)
    return Archive(into)
