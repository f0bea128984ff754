"""AWS's resource provider schemas (bundled offline by cfn-lint), and properties checked against them.

ministack's provisioners take any properties and drop what they do not know, so that a template which AWS would
refuse deploys. Here unknown and missing properties, wrong types and values outside an enumeration fail the
resource, as they do on AWS. Patterns, lengths, ranges and combinations (oneOf, anyOf, dependencies) are left
to cfn-lint and to CDK's own validation at synth.
"""

import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from local.emulator.environment import REGION

Schema = dict[str, Any]
Properties = dict[str, Any]

_SCALARS: dict[str, tuple[type, ...]] = {
    # CloudFormation converts between scalars: "8000" for an integer and 1 for a string are both legal.
    "string": (str, int, float, bool),
    "integer": (int, str),
    "number": (int, float, str),
    "boolean": (bool, str),
}


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise LookupError("cfn-lint is not installed: its resource schemas are needed")
    return Path(spec.submodule_search_locations[0]) / "data" / "schemas"


@cache
def _index() -> dict[str, str]:
    text = (_folder() / "providers" / f"{REGION}.json").read_text(encoding="utf-8")
    return cast(dict[str, str], json.loads(text))


def known_types() -> frozenset[str]:
    """Every resource type of AWS that has a schema."""
    return frozenset(_index())


@cache
def schema(resource_type: str) -> Schema | None:
    """Return the provider schema of a type, None for a type without one (custom resources)."""
    name = _index().get(resource_type)
    if name is None:
        return None
    path = _folder() / "resources" / f"{name}.json"
    return cast(Schema, json.loads(path.read_text(encoding="utf-8")))


def property_names(resource_type: str, kind: str) -> list[str]:
    """Return the properties under a schema keyword such as `readOnlyProperties`, dotted where nested."""
    paths = cast(list[str], (schema(resource_type) or {}).get(kind) or [])
    return [path.removeprefix("/properties/").replace("/", ".") for path in paths]


def violations(resource_type: str, properties: Properties) -> list[str]:
    """Return what AWS would refuse about resolved `properties`, in CloudFormation's words; empty if nothing."""
    root = schema(resource_type)
    if root is None:
        return []
    generated = set(
        property_names(resource_type, "primaryIdentifier")
    )  # CloudFormation names what has no name
    found = list(_check(root, root, properties, "#"))
    return [text for text in found if not any(text == _missing(name, "#") for name in generated)]


def _missing(name: str, where: str) -> str:
    return f"{where}: required key [{name}] not found"


def dereference(root: Schema, node: Schema) -> Schema:
    """Return what a schema's node says, its references followed; empty where one leads nowhere."""
    while "$ref" in node:
        target: Any = root
        for part in cast(str, node["$ref"]).removeprefix("#/").split("/"):
            target = target.get(part)
            if target is None:
                return {}
        node = cast(Schema, target)
    return node


def _check(root: Schema, node: Schema, value: Any, where: str) -> Iterator[str]:
    node = dereference(root, node)
    kinds = node.get("type")
    names = [kinds] if isinstance(kinds, str) else list(kinds or [])
    if isinstance(value, dict):
        if names and "object" not in names and "string" not in names:
            yield f"{where}: expected type: {names[0]}, found: JSONObject"
            return
        yield from _check_object(root, node, value, where)
    elif isinstance(value, list):
        if names and "array" not in names:
            yield f"{where}: expected type: {names[0]}, found: JSONArray"
            return
        items = node.get("items")
        if isinstance(items, dict):
            for position, item in enumerate(value):
                yield from _check(root, items, item, f"{where}/{position}")
    else:
        yield from _check_scalar(node, names, value, where)


def _check_object(root: Schema, node: Schema, value: Properties, where: str) -> Iterator[str]:
    properties = cast(dict[str, Schema], node.get("properties") or {})
    for name in cast(list[str], node.get("required") or []):
        if name not in value:
            yield _missing(name, where)
    for name, item in value.items():
        if name in properties:
            yield from _check(root, properties[name], item, f"{where}/{name}")
        elif node.get("additionalProperties") is False and not node.get("patternProperties"):
            yield f"{where}: extraneous key [{name}] is not permitted"


def _check_scalar(node: Schema, names: list[str], value: Any, where: str) -> Iterator[str]:
    accepted = [scalar for name in names for scalar in _SCALARS.get(name, ())]
    if names and not isinstance(value, tuple(accepted)):
        yield f"{where}: expected type: {names[0]}, found: {type(value).__name__}"
        return
    allowed = node.get("enum")
    if allowed is not None and str(value).lower() not in {str(one).lower() for one in allowed}:
        yield f"{where}: {value} is not a valid enum value"
