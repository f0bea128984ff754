"""Whether an event matches a rule's pattern: the part of EventBridge's language that the platform's rules use."""

import operator
from typing import Any

_COMPARE = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


def _one(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == value)
    (kind,) = wanted
    if kind == "numeric":
        pairs = zip(wanted[kind][::2], wanted[kind][1::2], strict=True)
        return isinstance(value, int | float) and all(_COMPARE[sign](value, than) for sign, than in pairs)
    if kind == "prefix":
        return str(value).startswith(wanted[kind])
    if kind == "anything-but":
        return value not in wanted[kind]
    raise NotImplementedError(f"{kind}: teach the matcher")


def matches(pattern: dict[str, Any], event: dict[str, Any]) -> bool:
    """Every field of the pattern is in the event, with one of the values that the pattern allows."""
    for name, wanted in pattern.items():
        if name not in event:
            return False
        value = event[name]
        if isinstance(wanted, dict):
            if not isinstance(value, dict) or not matches(wanted, value):
                return False
        elif not any(_one(one, value) for one in wanted):
            return False
    return True
