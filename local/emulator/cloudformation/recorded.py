"""Types whose service does not exist here: checked against AWS's schema, then written down, and no more.

Ref is the schema's primary identifier, Fn::GetAtt answers its read-only properties with made-up but stable and
well-formed values. GET /_local/recorded lists what was recorded.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from local.emulator import internals
from local.emulator.cloudformation import made_up, schemas
from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, register, table


@dataclass(frozen=True, kw_only=True)
class Record:
    """A resource that exists in its stack alone."""

    type: str
    physical_id: str
    region: str
    stack: str
    logical_id: str
    properties: Properties


_records: dict[str, Record] = {}


def records() -> list[Record]:
    """Everything recorded now, by region, stack and logical id."""
    return sorted(_records.values(), key=lambda one: (one.region, one.stack, one.logical_id))


def dump() -> list[dict[str, Any]]:
    """The records as plain data, for the state file."""
    return [asdict(each) for each in records()]


def load(data: list[dict[str, Any]]) -> None:
    """Take the records back from `dump`'s data."""
    for item in data:
        each = Record(**item)
        _records[_key(each.region, each.stack, each.logical_id)] = each


def _key(region: str, stack: str, logical_id: str) -> str:
    return f"{region}/{stack}/{logical_id}"


def record(resource_type: str, physical_id: str, stack: str, logical_id: str, properties: Properties) -> None:
    """Write a resource of the current region down; one of the same stack and logical id is written anew."""
    region = internals.region()
    _records[_key(region, stack, logical_id)] = Record(
        type=resource_type,
        physical_id=physical_id,
        region=region,
        stack=stack,
        logical_id=logical_id,
        properties=properties,
    )


def forget(resource_type: str, physical_id: str) -> None:
    """Take a resource of the current region out."""
    for key, each in list(_records.items()):
        same_place = each.region == internals.region() and each.type == resource_type
        if same_place and each.physical_id == physical_id:
            del _records[key]


def _own_name(resource_type: str, properties: Properties, otherwise: str) -> str:
    """The name that a template gives a resource, which its ARN ends with."""
    kind = resource_type.rpartition("::")[2]
    names = (*schemas.property_names(resource_type, "primaryIdentifier"), f"{kind}Name", "Name")
    rest = sorted(name for name in properties if name.endswith("Name"))
    for name in (*(each for each in names if each.endswith("Name")), *rest):
        if isinstance(properties.get(name), str):
            return str(properties[name])
    return otherwise


def _handler(resource_type: str) -> Handler:
    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        seed = f"{internals.account()}/{_key(internals.region(), stack, logical_id)}"
        name = _own_name(resource_type, properties, hashlib.sha256(seed.encode()).hexdigest()[:16])
        attributes = made_up.attributes(resource_type, seed, name)
        identifiers = schemas.property_names(resource_type, "primaryIdentifier")
        for path in identifiers:
            if path not in properties and path not in attributes:
                attributes[path] = internals.physical_name(stack, logical_id, max_length=60)
        # A settable property answers Fn::GetAtt with its own value.
        attributes = {
            **{k: v for k, v in properties.items() if isinstance(v, (str, int, list))},
            **attributes,
        }
        physical_id = "|".join(str(attributes.get(path, "")) for path in identifiers)
        record(resource_type, physical_id, stack, logical_id, properties)
        return physical_id, attributes

    def update(_id: str, _old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
        return create(logical_id, new, stack)

    def delete(physical_id: str, _properties: Properties) -> None:
        forget(resource_type, physical_id)

    return Handler(create=create, update=update, delete=delete)


def install() -> list[str]:
    """Register every type of AWS that nothing else handles; return them. To be called last."""
    missing = [
        name
        for name in sorted(schemas.known_types())
        if name not in table() and not name.startswith("AWS::CloudFormation::")
    ]
    for resource_type in missing:
        register(resource_type, _handler(resource_type), blocking=False)
    return missing
