"""What a policy document of a template decides: IAM's evaluation for the operators that the platform uses.

"Policy evaluation logic", IAM User Guide: an explicit deny wins, then an allow, else nothing is allowed. A boundary
and the policies of a role both have to allow.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Literal

ACCOUNT = "123456789012"
Decision = Literal["allow", "deny", "nothing"]
_PSEUDO = {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT}
_NUMERIC = {"NumericLessThan": lambda have, want: float(have) < float(want)}


def decide(
    document: Mapping[str, Any],
    action: str,
    resource: str = "*",
    context: Mapping[str, str] | None = None,
    *,
    principal: str | None = None,
) -> Decision:
    """What `document` says of `action` on `resource`; `context` has the request's condition keys. `principal`: a
    service's name or an account's ARN, where the document is a resource's; none: any that it names."""
    found: Decision = "nothing"
    for statement in document["Statement"]:
        if principal is not None and principal not in _principals(statement["Principal"]):
            continue
        if not _applies(statement, action, resource, context or {}):
            continue
        if statement["Effect"] == "Deny":
            return "deny"
        found = "allow"
    return found


def allowed(documents: Sequence[Mapping[str, Any]], boundary: Mapping[str, Any], *request: Any) -> bool:
    """Whether a role with these policies and this boundary may."""
    decisions = [decide(each, *request) for each in documents]
    return "deny" not in decisions and "allow" in decisions and decide(boundary, *request) == "allow"


def text(value: Any) -> str:
    """A template's value as text, with this account."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return _PSEUDO.get(value["Ref"], f"<{value['Ref']}>")
    if "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return str(separator.join(text(part) for part in parts))
    if "Fn::GetAtt" in value:
        return f"<{'.'.join(value['Fn::GetAtt'])}>"
    raise AssertionError(f"no text: {value}")


def _listed(value: Any) -> list[str]:
    return [text(each) for each in (value if isinstance(value, list) else [value])]


def _matches(patterns: Any, what: str, *, any_case: bool = False) -> bool:
    if any_case:
        return any(fnmatchcase(what.lower(), pattern.lower()) for pattern in _listed(patterns))
    return any(fnmatchcase(what, pattern) for pattern in _listed(patterns))


def _applies(statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]) -> bool:
    named = (
        _matches(statement["Action"], action, any_case=True)
        if "Action" in statement
        else not _matches(statement["NotAction"], action, any_case=True)
    )
    if not named or not _is_of(statement, resource):
        return False
    return all(
        _holds(operator, context.get(key), wanted)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _is_of(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return not _matches(statement["NotResource"], resource)
    return _matches(statement.get("Resource", "*"), resource)


def _holds(operator: str, have: str | None, wanted: Any) -> bool:
    match operator:
        case "StringEquals" | "Bool":
            return have is not None and have in _listed(wanted)
        case "StringNotEquals":
            return have is None or have not in _listed(wanted)
        case "StringLike" | "ArnLike":
            return have is not None and _matches(wanted, have)
        case "Null":
            return (have is None) == (text(wanted) == "true")
        case "NumericLessThan":
            return have is not None and all(_NUMERIC[operator](have, each) for each in _listed(wanted))
    raise AssertionError(f"condition operator {operator} is not known here")


def _principals(named: Any) -> "_Named":
    return _Named(["*"] if named == "*" else [each for kind in named.values() for each in _listed(kind)])


class _Named(list[str]):
    """Principals; `*` is all of them."""

    def __contains__(self, principal: object) -> bool:
        return super().__contains__("*") or super().__contains__(principal)
