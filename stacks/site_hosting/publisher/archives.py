"""The content of the site as it was staged: a few archives, of which those are fetched that are needed."""

import contextlib
import gzip
import io
import tempfile
import threading
import zipfile
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, Any

from ..rules.fields import Fields
from .site_index import SiteIndex


class Archives:
    """Where the files of a version come from; to be closed, which removes what was fetched.

    An archive lies in a temporary file from the first time that something of it is opened; one is fetched at a
    time, whatever number of threads ask. An entry is named by its content's SHA-256 and has a checksum, which is
    compared when it was read to its end.
    """

    def __init__(self, client: Any, bucket: str, keys: Sequence[str], index: SiteIndex) -> None:
        """`client`: boto3's of S3; `keys`: of the archives, by their number."""
        self.index = index
        self._client, self._bucket, self._keys = client, bucket, keys
        self._fetched: dict[int, zipfile.ZipFile] = {}
        self._fetching = threading.Lock()
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "Archives":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def fetched(self) -> int:
        """How many archives were needed so far."""
        return len(self._fetched)

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """The paths of one archive after those of the other, so that all work at one goes on together."""
        entries = self.index.entries
        return sorted(paths, key=lambda path: (entries[path].archive or 0, path))

    def open(self, path: str) -> IO[bytes]:
        """The content of one file; each call has a reader of its own. Raises zipfile.BadZipFile."""
        entry = self.index.entries[path]
        return io.BytesIO() if entry.archive is None else self._archive(entry.archive).open(entry.digest)

    def fields(self, path: str) -> Fields:
        """What S3 is told about a file."""
        return self.index.entries[path].fields

    def _archive(self, number: int) -> zipfile.ZipFile:
        if number not in self._fetched:
            with self._fetching:
                if number not in self._fetched:
                    file = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed by the stack
                    self._client.download_fileobj(self._bucket, self._keys[number], file)
                    file.seek(0)
                    self._fetched[number] = self._open.enter_context(zipfile.ZipFile(file))
        return self._fetched[number]


def read_index(client: Any, bucket: str, key: str) -> SiteIndex:
    """Fetch the index."""
    packed = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    return SiteIndex.from_json(gzip.decompress(packed))
