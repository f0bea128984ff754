"""The CloudFront KeyValueStore that says which version is live, and how to find the files of each kept one.

A value is `<version> <base> <hashes>`: for a path whose hash is among the hashes the version's own prefix is
asked, for all others that of its base. So a small change to a big site needs no copy of the site, and the edge
function needs one read (docs/decisions/0008). Key `live` has the version that pages are taken from; each kept
version's id is a key too, for what the pages of that version name.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import boto3

from . import sigv4a
from .manifest import Version

LIVE: Final = "live"
BY_OPERATOR: Final = "by-operator"
"""Key with the id of the live version, as long as it is live because an operator went back to it."""
# "Quotas on key value stores": 1 KB a value, 50 keys a request.
_VALUE_BYTES: Final = 1024
_HASH_CHARACTERS: Final = 4
_ID_CHARACTERS: Final = 25
MAX_CHANGED: Final = (_VALUE_BYTES - 2 * _ID_CHARACTERS - 2) // _HASH_CHARACTERS
"""How many paths a version stored as a difference may differ in."""
MAX_VERSIONS: Final = 20
"""How many versions may be kept: each is one key of a request, and one more may be its base."""


class MovedError(Exception):
    """Somebody else changed the store between our reading and our writing."""


def path_hash(path: str) -> str:
    """24 bits of FNV-1a over the path's UTF-16 code units, as four characters of base64url (RFC 4648).

    The same as in edge/viewer_request.js: code units are what JavaScript sees.
    """
    units = path.encode("utf-16-le")
    total = 0x811C9DC5
    for at in range(0, len(units), 2):
        total = ((total ^ (units[at] | units[at + 1] << 8)) * 0x01000193) & 0xFFFFFFFF
    folded = (total >> 24) ^ (total & 0xFFFFFF)
    return base64.urlsafe_b64encode(folded.to_bytes(3, "big")).decode()


def with_colliding(changed: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """`changed`, and those of `paths` that the edge cannot tell from one of them."""
    wanted = set(changed)
    hashes = {path_hash(path) for path in wanted}
    return frozenset(wanted | {path for path in paths if path_hash(path) in hashes})


def value(version: Version) -> str:
    """The store's value for a version."""
    changed = "" if version.base == version.id else "".join(sorted({path_hash(p) for p in version.changed}))
    return f"{version.id} {version.base} {changed}".rstrip()


def client(**given: Any) -> Any:
    """boto3's client of KeyValueStores, which signs with SigV4A; `given` as for `boto3.client`.

    AWS has a host name per account for it. Where an endpoint is given instead (AWS_ENDPOINT_URL, an emulator),
    botocore puts the account before that too, and such a name is nobody's: it is taken away again.
    """
    sigv4a.register()
    made = boto3.client("cloudfront-keyvaluestore", **given)

    def on_one_host(request: Any, **_: Any) -> None:
        parts = urlsplit(request.url)
        if not parts.netloc.endswith(".amazonaws.com") and not parts.netloc.endswith(".api.aws"):
            account, _, host = parts.netloc.partition(".")
            request.url = urlunsplit(parts._replace(netloc=host if account.isdigit() else parts.netloc))

    made.meta.events.register("before-sign.cloudfront-keyvaluestore", on_one_host)
    return made


@dataclass(frozen=True, slots=True)
class Pointed:
    """What the store said at one moment: its items, and the ETag by which it takes a write if none came between."""

    etag: str
    items: Mapping[str, str]

    @property
    def live(self) -> str:
        """Id of the live version, empty before the first deploy."""
        return self.items.get(LIVE, "").split(" ")[0]

    @property
    def is_by_operator(self) -> bool:
        """Whether an operator, and no deploy, made the live version live."""
        return BY_OPERATOR in self.items and self.items[BY_OPERATOR] == self.live


class Pointer:
    """The store."""

    def __init__(self, client: Any, arn: str) -> None:
        """`client`: see the function of that name."""
        self._client = client
        self._arn = arn

    def read(self) -> Pointed:
        """What it says now."""
        # the ETag first: a write after it is found out when its ETag is no longer the store's
        etag = self._client.describe_key_value_store(KvsARN=self._arn)["ETag"]
        pages = self._client.get_paginator("list_keys").paginate(KvsARN=self._arn)
        return Pointed(etag, {item["Key"]: item["Value"] for page in pages for item in page.get("Items", [])})

    def point(self, live: Version, kept: Mapping[str, str], seen: Pointed, *, by_operator: bool) -> None:
        """Make `live` live and `kept` (id -> value) findable, forget all others: one request, all or nothing.

        Raises `MovedError` if the store was changed since `seen` was read.
        """
        wanted = {**kept, live.id: value(live), LIVE: value(live)}
        if by_operator:
            wanted[BY_OPERATOR] = live.id
        puts = [{"Key": key, "Value": text} for key, text in wanted.items() if seen.items.get(key) != text]
        deletes = [{"Key": key} for key in seen.items if key not in wanted]
        if not puts and not deletes:
            return
        try:
            self._client.update_keys(KvsARN=self._arn, IfMatch=seen.etag, Puts=puts, Deletes=deletes)
        except self._client.exceptions.ConflictException as error:
            raise MovedError("another deploy or rollback is at work: try again") from error
