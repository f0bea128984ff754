"""What a request says about what its sender has and takes (RFC 9110, sections 12.5.3 and 13.1.2)."""

import re
from typing import Final

_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')


def has_already(if_none_match: str, entity_tag: str) -> bool:
    """Whether the browser has the content with this tag; weak tags are compared as strong ones are."""
    if if_none_match.strip() == "*":
        return True
    return entity_tag.removeprefix("W/") in _TAG.findall(if_none_match)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip may be sent."""
    for coding in accept_encoding.lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in ("gzip", "*"):
            return re.fullmatch(r"q=0(\.0*)?", weight.replace(" ", "")) is None
    return False
