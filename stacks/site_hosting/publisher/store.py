"""The bucket: objects of versions, and their manifests."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Final, Protocol

from ..rules.fields import Fields
from .manifest import MANIFESTS, VERSIONS, File, Version, manifest_key, object_key, version_of

CONNECTIONS: Final = 32
"""Requests at the same time: S3 answers each in some 30 ms, and takes thousands a second below one prefix."""
_IN_ONE_REQUEST: Final = 8 * 1024 * 1024
"""Up to this size: `CONNECTIONS` of them are a quarter of the function's memory."""

_A_PAGE: Final = 1000
"""Keys of one answer ("ListObjectsV2")."""


class Source(Protocol):
    """Where the files of a version come from."""

    def in_order(self, paths: Iterable[str]) -> list[str]:
        """The order in which they are opened best."""

    def open(self, path: str) -> IO[bytes]:
        """The content of a file."""

    def fields(self, path: str) -> Fields:
        """What S3 is told about it."""


class Store:
    """All that is done to the bucket in one deploy or rollback.

    A method that fails leaves what a later deploy removes.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        """`client`: boto3's of S3, with `CONNECTIONS` connections."""
        self._client = client
        self._bucket = bucket
        self._read: dict[str, Version] = {}
        self._listed: dict[str, dict[str, int]] = {}

    def ids(self) -> list[str]:
        """Of every whole version, the newest first."""
        return sorted((version_of(key) for key, _ in self._list(MANIFESTS)), reverse=True)

    def version(self, version: str) -> Version:
        """A whole version; read once. Raises the client's NoSuchKey."""
        if version not in self._read:
            answer = self._client.get_object(Bucket=self._bucket, Key=manifest_key(version))
            self._read[version] = Version.from_json(answer["Body"].read())
        return self._read[version]

    def versions(self) -> list[Version]:
        """Every whole version, the newest first."""
        return list(self._each(self.version, self.ids()))

    def prefixes(self) -> list[str]:
        """Id of every version that has objects, whole or not."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=VERSIONS, Delimiter="/"
        )
        return [version_of(each["Prefix"]) for page in pages for each in page.get("CommonPrefixes", [])]

    def objects(self, version: str, expected: Collection[str] = ()) -> dict[str, int]:
        """Key -> size of every object of one version, whole or not.

        `expected`: paths that it should have. They say where to begin, so that all pages are asked for at the
        same time and not each after the other's answer.
        """
        prefix = object_key(version, "")
        # S3 lists in the order of the keys' UTF-8
        keys = sorted((prefix + path for path in expected), key=str.encode)[_A_PAGE - 1 :: _A_PAGE]
        ends = dict(zip(["", *keys], [*keys, ""], strict=True))
        found = self._each(lambda after: self._list(prefix, after=after, to=ends[after]), ends)
        return {key: size for each in found for key, size in each}

    def missing(self, version: Version) -> list[str]:
        """The paths of which the bucket has no object, or one of another size; a prefix is listed once."""
        places = {version.id: version.stored, version.base: version.files.keys() - version.changed}
        if version.base == version.id:
            places = {version.id: version.files.keys()}
        present: dict[str, int] = {}
        for place, paths in places.items():
            if place not in self._listed:
                self._listed[place] = self.objects(place, paths)
            present |= self._listed[place]
        return version.missing(present)

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
        list(self._each(put, source.in_order(files.keys() - set(big))))
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

    def remove(self, versions: Collection[str]) -> None:
        """Delete all that there is of them: old ones, and what a dead deploy left.

        Manifests go first: what is half deleted must not pass for whole.
        """
        self._delete([manifest_key(version) for version in versions])
        for version in versions:
            self._delete([key for key, _ in self._list(object_key(version, ""))])

    def _delete(self, keys: Sequence[str]) -> None:
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

    def _list(self, prefix: str, *, after: str = "", to: str = "") -> list[tuple[str, int]]:
        """Keys and sizes below `prefix`, of keys behind `after` up to and with `to`."""
        beginning = {"StartAfter": after} if after else {}
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, **beginning
        )
        found: list[tuple[str, int]] = []
        for page in pages:
            found += [(each["Key"], each["Size"]) for each in page.get("Contents", [])]
            if to and found and found[-1][0].encode() >= to.encode():
                return [each for each in found if each[0].encode() <= to.encode()]
        return found

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
