"""What the edge tells the fallback about a request."""

import re
from typing import Final

ASKED: Final = "x-site-request"
"""Header field that edge/viewer_request.js sets: `<version> <path as it was asked for>`."""
_FORM: Final = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]{8}) (/.*)")


def read(value: str) -> tuple[str, str]:
    """(version, path) of the field; an empty version and the home page's path if it is malformed."""
    found = _FORM.fullmatch(value)
    return (found[1], found[2]) if found else ("", "/")
