"""The bucket: objects of versions, and their manifests."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final, Protocol

from ..rules.fields import Fields
from .manifest import MANIFESTS, VERSIONS, File, Version, manifest_key, object_key, version_of

CONNECTIONS: Final = 32
"""Requests at the same time: S3 answers each in some 30 ms, and takes thousands a second below one prefix."""
_IN_ONE_REQUEST: Final = 8 * 1024 * 1024
"""Up to this size: `CONNECTIONS` of them are a quarter of the function's memory."""


class Source(Protocol):
    """Where the files of a version come from."""

    def open(self, path: str) -> IO[bytes]:
        """The content of a file."""

    def fields(self, path: str) -> Fields:
        """What S3 is told about it."""


class Store:
    """All that is done to the bucket. A method that fails leaves what a later deploy removes."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client`: boto3's of S3, with `CONNECTIONS` connections."""
        self._client = client
        self._bucket = bucket

    def versions(self) -> list[Version]:
        """Every whole version, the newest first."""
        keys = [key for key, _ in self._list(MANIFESTS)]
        found = list(self._each(self._manifest, keys))
        return sorted(found, key=lambda version: version.id, reverse=True)

    def objects(self, version: str = "") -> dict[str, int]:
        """Key -> size of every object of one version, or of all, whole or not."""
        return dict(self._list(object_key(version, "") if version else VERSIONS))

    def upload(self, version: str, files: Mapping[str, File], source: Source) -> None:
        """Put files into a version's prefix."""

        def put(path: str) -> None:
            where = {"Bucket": self._bucket, "Key": object_key(version, path)}
            fields = source.fields(path).for_s3()
            with source.open(path) as file:
                if files[path].size <= _IN_ONE_REQUEST:
                    self._client.put_object(**where, Body=file.read(), **fields)
                else:
                    self._client.upload_fileobj(file, **where, ExtraArgs=fields)

        big = [path for path, file in files.items() if file.size > _IN_ONE_REQUEST]
        list(self._each(put, files.keys() - set(big)))
        for path in big:  # one at a time: each is in memory with ten of its parts already
            put(path)

    def copy(self, version: str, sources: Mapping[str, str], fields: Callable[[str], Fields]) -> None:
        """Copy the content of objects (path -> key) into a version's prefix, inside S3, with `fields` anew."""

        def copy(path: str) -> None:
            self._copy(sources[path], object_key(version, path), fields(path))

        list(self._each(copy, sources))

    def write_manifest(self, version: Version) -> None:
        """From here on the version is whole."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=manifest_key(version.id),
            Body=version.to_json().encode(),
            ContentType="application/json",
        )

    def remove_all_but(self, kept: Iterable[Version], present: Iterable[str]) -> None:
        """Of the objects `present`, delete those of no kept version: old ones, and what a dead deploy left.

        Manifests go first: what is half deleted must not pass for whole.
        """
        ids = {version.id for version in kept}
        manifests = [key for key, _ in self._list(MANIFESTS) if version_of(key) not in ids]
        objects = [key for key in present if version_of(key) not in ids]
        for keys in (manifests, objects):
            for start in range(0, len(keys), 1000):  # "DeleteObjects": up to 1,000 keys
                batch = [{"Key": key} for key in keys[start : start + 1000]]
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True}
                )
                if answer.get("Errors"):
                    raise RuntimeError(f"S3 did not delete {answer['Errors'][0]}")

    def _copy(self, source: str, target: str, fields: Fields) -> None:
        """S3 copies up to 5 GB in one request."""
        self._client.copy_object(
            Bucket=self._bucket,
            Key=target,
            CopySource={"Bucket": self._bucket, "Key": source},
            MetadataDirective="REPLACE",
            **fields.for_s3(),
        )

    def _manifest(self, key: str) -> Version:
        text = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return Version.from_json(text)

    def _list(self, prefix: str) -> list[tuple[str, int]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [(each["Key"], each["Size"]) for page in pages for each in page.get("Contents", [])]

    @staticmethod
    def _each(work: Callable[[str], Any], items: Iterable[str]) -> Iterable[Any]:
        """The results in order; the first error ends what has not begun, and is raised."""
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            tasks = [pool.submit(work, item) for item in items]
            try:
                return [task.result() for task in tasks]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
