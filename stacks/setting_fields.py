"""What a field of `Settings` is made of: coercion of text from the command line, and its row in the table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Effect:
    """What the table says of a field beside its type.

    `cost`: effect on the monthly bill in US dollars; `unit`: of the value; `legal`: the legal values in
    words, needed only where the type does not tell them.
    """

    cost: str
    unit: str = ""
    legal: str = ""


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError("not a truth value")


def _whole_number(value: object) -> object:
    """Context from the command line is text; pydantic alone would also take True for 1 and 2.0 for 2."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("not a whole number")


def _none_if_empty(value: object) -> object:
    """`-c stage=` is what a Makefile passes on from a variable that is not set."""
    return None if value == "" else value


# RFC 1035 section 2.3.1, in lower case. "RequestCertificate" of ACM allows 64 characters, of which "www." takes 4.
DOMAIN: Final = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$"
DOMAIN_LEGAL: Final = "a name as example.org, lower case, at most 60 characters"

Flag = Annotated[bool, BeforeValidator(_flag)]
WHOLE_NUMBER: Final = BeforeValidator(_whole_number)
NONE_IF_EMPTY: Final = BeforeValidator(_none_if_empty)


def effect_of(field: FieldInfo) -> Effect:
    """The `Effect` in a field's annotation; raises StopIteration if there is none."""
    return next(mark for mark in field.metadata if isinstance(mark, Effect))


def choices(field: FieldInfo) -> list[str]:
    """The values of a field that takes one of a few, as text; empty for any other field."""
    if field.annotation is bool:
        return ["true", "false"]
    return (
        [str(value) for value in get_args(field.annotation)]
        if get_origin(field.annotation) is Literal
        else []
    )


def legal_values(field: FieldInfo) -> str:
    """The legal values of a field in words, for a message and for the table."""
    if effect_of(field).legal:
        return effect_of(field).legal
    if choices(field):
        return listed(choices(field))
    least, most = (
        next(getattr(mark, bound) for mark in field.metadata if hasattr(mark, bound))
        for bound in ("ge", "le")
    )
    return f"{least} to {most}"


def listed(values: Iterable[object]) -> str:
    """`a, b, c`."""
    return ", ".join(str(value) for value in values)
