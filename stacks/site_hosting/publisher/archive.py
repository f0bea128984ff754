"""The site as the CDK staged it: one zip file, read entry by entry."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import IO, Any, Final

from ..rules.content import is_page
from ..rules.fields import Fields
from ..rules.site_rules import FILES, Rules
from ..rules.urls import TrailingSlash
from .manifest import File

_CHUNK: Final = 1024 * 1024


class Archive:
    """The files of a zip; never more than a chunk of one is in memory, except of a page.

    `content_security_policy`: of the pages, see `Rules`.
    """

    def __init__(
        self, file: IO[bytes], *, content_security_policy: str = "", trailing_slash: TrailingSlash = "by-file"
    ) -> None:
        """Raises zipfile.BadZipFile if it is none, and RulesError."""
        self._zip = zipfile.ZipFile(file)
        entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}
        texts = {name: self._zip.read(entries[name]) for name in FILES & entries.keys()}
        self._rules = Rules(
            texts,
            content_security_policy=content_security_policy,
            files=entries.keys() - FILES,
            trailing_slash=trailing_slash,
        )
        self._entries = {path: entries[source] for path, source in self._rules.files.items()}
        self.wildcards = tuple((rule.source, rule.target, rule.status) for rule in self._rules.wildcards)
        self._fields: dict[str, Fields] = {}

    def files(self) -> Mapping[str, File]:
        """Path -> digest and size of each file and redirect: reads it all once. Raises RulesError."""
        sizes = {path: entry.file_size for path, entry in self._entries.items()}
        sizes |= dict.fromkeys(self._rules.redirects, 0)
        return {path: File(self._digest(path), size) for path, size in sizes.items()}

    def open(self, path: str) -> IO[bytes]:
        """The content of one file; each call has a reader of its own."""
        return self._zip.open(self._entries[path]) if path in self._entries else io.BytesIO()

    def fields(self, path: str) -> Fields:
        """What S3 is told about a file."""
        if path not in self._fields:
            page = self._zip.read(self._entries[path]) if is_page(path) and path in self._entries else b""
            self._fields[path] = self._rules.fields(path, page)
        return self._fields[path]

    def _digest(self, path: str) -> str:
        total = hashlib.sha256()
        with self.open(path) as file:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
        # what a browser is told about a file is part of it: a new rule for it is a new version
        return f"{total.hexdigest()}-{self.fields(path).digest()}"


def download(
    client: Any,
    bucket: str,
    key: str,
    into: IO[bytes],
    *,
    content_security_policy: str,
    trailing_slash: TrailingSlash,
) -> Archive:
    """Fetch the archive into an open temporary file."""
    client.download_fileobj(bucket, key, into)
    into.seek(0)
    return Archive(into, content_security_policy=content_security_policy, trailing_slash=trailing_slash)
