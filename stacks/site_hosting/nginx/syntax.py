"""How any text is written into a configuration of nginx, so that it stays text."""

import re
from typing import Final

# ngx_conf_file.c, NGX_CONF_BUFFER: a parameter fits into it together with its quotes
_MAX_BYTES: Final = 4000
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_DOLLAR: Final = "dollar"

DEFINITIONS: Final = f'geo ${_DOLLAR} {{ default "$"; }}'
"""Goes before all that `value` wrote: nginx has no escape for a dollar, and `geo` alone expands no variables."""


class TooLongError(ValueError):
    """A text that nginx' parser does not take; the message begins with its beginning."""


class Variable(str):
    """The name of a variable, without the dollar."""

    __slots__ = ()


def literal(text: str) -> str:
    """A parameter in which nginx expands nothing: the source of a map, a type, a header field's name.

    Raises TooLongError.
    """
    return _quoted("".join(_ESCAPES.get(each, each) for each in text))


def value(*parts: str | Variable) -> str:
    """A parameter in which nginx expands variables: texts are taken as they are. Raises TooLongError."""
    return _quoted(
        "".join(
            f"${{{part}}}"
            if isinstance(part, Variable)
            else "".join(f"${{{_DOLLAR}}}" if each == "$" else _ESCAPES.get(each, each) for each in part)
            for part in parts
        )
    )


def exactly(text: str) -> str:
    """A map's source for this very text: a plain one would match in any case of letters. Raises TooLongError."""
    return pattern(re.escape(text))


def pattern(expression: str) -> str:
    """A map's source for a regular expression (PCRE), which has to match the whole. Raises TooLongError."""
    return literal(rf"~(?s)\A(?:{expression})\z")


def matching(expression: str, *result: str | Variable) -> str:
    """A map's line: the value for what matches a regular expression. Raises TooLongError."""
    return f"{pattern(expression)} {value(*result)};"


def block(head: str, lines: list[str]) -> list[str]:
    """A block of directives."""
    return [f"{head} {{", *(f"    {line}" for line in lines), "}"]


def _quoted(text: str) -> str:
    if len(text.encode()) > _MAX_BYTES:
        raise TooLongError(
            f"{text[:60]}…: {len(text.encode()):,} bytes in the configuration of nginx; at most {_MAX_BYTES:,}"
        )
    return f'"{text}"'
