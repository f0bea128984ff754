"""What a visitor gets who asked for something that is no file of his version of the site."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from ..publisher.manifest import Version
from ..rules.content import cache_control, is_immutable
from ..rules.fields import PREFIX
from ..rules.missing import redirect_of
from ..rules.not_found_page import PAGE
from ..rules.urls import NOT_FOUND, TrailingSlash, canonical, file_of
from ..rules.wildcard_redirects import WildcardRedirect

_HTML: Final = "text/html; charset=utf-8"
# CloudFront keeps an answer under the path in the bucket, which versions share where a file did not change: what
# one of them lacks, the next may have. So it is kept for seconds.
_FOR_SECONDS: Final = "public, max-age=0, s-maxage=10, must-revalidate"
# "Lambda quotas": 6 MB for an answer, in which base64 takes four bytes for three.
_MAX_BODY: Final = 4_000_000


class Store(Protocol):
    """What is read of the bucket."""

    def version(self, version: str) -> Version | None:
        """A kept version; None if there is none of that id."""

    def versions(self) -> list[Version]:
        """All kept ones, the newest first."""

    def read(self, key: str) -> "Object | None":
        """An object; None if there is none."""


@dataclass(frozen=True, slots=True)
class Object:
    """An object's content, and what S3 was told about it."""

    body: bytes
    content_type: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, header fields by name in lower case, and content."""

    status: int
    header: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def for_lambda(self) -> dict[str, Any]:
        """ "Lambda function URLs": payload format 2.0."""
        return {
            "statusCode": self.status,
            "headers": dict(self.header),
            "body": base64.b64encode(self.body).decode(),
            "isBase64Encoded": True,
        }


@dataclass(frozen=True)
class Answers:
    """`single_page`: routing=spa; `trailing_slash`: of the paths of pages."""

    store: Store
    single_page: bool
    trailing_slash: TrailingSlash

    def to(self, path: str, version_id: str) -> Answer:
        """To a visitor of a version who asked for `path`, as it stands in the URL.

        In this order: the redirect that the rules have for it; a file that an older page names, if its name tells
        its content and another kept version has it; the page for what is not found.
        """
        file = file_of(canonical(path, self.trailing_slash), single_page=self.single_page)
        version = self.store.version(version_id)
        if version is None:
            return _not_found(None)
        if file in version.files:
            # S3 was asked for it first, and failed: it is there, so this is no 404
            return Answer(503, {"retry-after": "5", "cache-control": "no-store"})
        wildcards = [WildcardRedirect(0, *rule) for rule in version.wildcards]
        redirect = redirect_of(file, path, files=version.files, wildcards=wildcards)
        if redirect:
            status, target = redirect
            return Answer(status, {"location": target, "cache-control": _FOR_SECONDS})
        if is_immutable(file) and (found := self._of_another(file)):
            return found
        page = self.store.read(version.key(NOT_FOUND)) if NOT_FOUND in version.files else None
        return _not_found(page)

    def _of_another(self, file: str) -> Answer | None:
        """A file whose name tells its content is the same in every version."""
        for version in self.store.versions():
            if file in version.files and version.files[file].size <= _MAX_BODY:
                found = self.store.read(version.key(file))
                if found:
                    return Answer(200, _header(found) | {"cache-control": cache_control(file)}, found.body)
        return None


def _not_found(page: Object | None) -> Answer:
    found = page or Object(PAGE, _HTML, {})
    return Answer(404, _header(found) | {"cache-control": _FOR_SECONDS}, found.body)


def _header(found: Object) -> dict[str, str]:
    """No function of the edge makes header fields of an error's metadata: they are made here."""
    own = {
        name.removeprefix(PREFIX): value for name, value in found.metadata.items() if name.startswith(PREFIX)
    }
    return {"content-type": found.content_type, **own}
