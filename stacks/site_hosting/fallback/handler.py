"""The Lambda function's entry: a function URL, which CloudFront alone may call."""

import functools
import os
from collections.abc import Mapping
from typing import Any, Final, cast

import boto3
from botocore.exceptions import ClientError

from ..publisher.manifest import MANIFESTS, Version, manifest_key
from ..rules.urls import TrailingSlash
from . import asked
from .answer import Answers, Object

_GONE: Final = ("NoSuchKey", "404", "AccessDenied", "403")
"""Without the right to list, S3 answers 403 for what is not there ("GetObject", Permissions)."""


class BucketStore:
    """The bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        """`client`: boto3's of S3."""
        self._client, self._bucket = client, bucket
        # a version never changes; only one that is there is remembered
        self._kept = functools.lru_cache(maxsize=8)(self._read_version)

    def version(self, version: str) -> Version | None:
        """See `answer.Store`."""
        try:
            return self._kept(version)
        except LookupError:
            return None

    def versions(self) -> list[Version]:
        """See `answer.Store`."""
        listed = self._client.list_objects_v2(Bucket=self._bucket, Prefix=MANIFESTS).get("Contents", [])
        ids = sorted(
            (each["Key"].removeprefix(MANIFESTS).removesuffix(".json") for each in listed), reverse=True
        )
        return [found for found in map(self.version, ids) if found]

    def read(self, key: str) -> Object | None:
        """See `answer.Store`."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        return Object(answer["Body"].read(), answer["ContentType"], answer.get("Metadata", {}))

    def _read_version(self, version: str) -> Version:
        found = self.read(manifest_key(version))
        if found is None:
            raise LookupError(version)
        return Version.from_json(found.body)


_answers = Answers(
    BucketStore(boto3.client("s3"), os.environ["BUCKET"]),
    single_page=os.environ["ROUTING"] == "spa",
    trailing_slash=cast(TrailingSlash, os.environ["TRAILING_SLASH"]),
)


def handle(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer one request."""
    version, path = asked.read(event["headers"].get(asked.ASKED, ""))
    return _answers.to(path, version).for_lambda()
