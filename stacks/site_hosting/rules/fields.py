"""What is said about a file beside its content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

PREFIX: Final = "h-"
"""Before the name of a header field in the metadata; edge/viewer_response.js takes it off."""
REDIRECT: Final = "redirect"
"""Metadata with the status and the target of a redirect."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What S3 is told about an object.

    `metadata`: header fields that S3 has no parameter for, each with `PREFIX` before its name, and `REDIRECT`.
    """

    content_type: str
    cache_control: str
    metadata: Mapping[str, str] = field(default_factory=dict)

    def for_s3(self) -> dict[str, Any]:
        """As parameters of PutObject and CopyObject."""
        return {
            "ContentType": self.content_type,
            "CacheControl": self.cache_control,
            "Metadata": dict(self.metadata),
        }

    def header(self) -> dict[str, str]:
        """As the header fields that a visitor gets, names in lower case."""
        own = {
            name.removeprefix(PREFIX): value
            for name, value in self.metadata.items()
            if name.startswith(PREFIX)
        }
        return {"content-type": self.content_type, "cache-control": self.cache_control, **own}

    def digest(self) -> str:
        """16 hexadecimal digits that differ if any field differs."""
        plain = [self.content_type, self.cache_control, sorted(self.metadata.items())]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]
