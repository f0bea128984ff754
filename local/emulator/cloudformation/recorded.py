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
    return [asdict(record) for record in records()]


def load(data: list[dict[str, Any]]) -> None:
    """Take the records back from `dump`'s data."""
    for item in data:
        record = Record(**item)
        _records[_key(record.region, record.stack, record.logical_id)] = record


def _key(region: str, stack: str, logical_id: str) -> str:
    return f"{region}/{stack}/{logical_id}"


def _handler(resource_type: str) -> Handler:
    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        seed = f"{internals.account()}/{_key(internals.region(), stack, logical_id)}"
        given = (v for k, v in sorted(properties.items()) if k.endswith("Name") and isinstance(v, str))
        name = next(given, hashlib.sha256(seed.encode()).hexdigest()[:16])
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
        _records[_key(internals.region(), stack, logical_id)] = Record(
            type=resource_type,
            physical_id=physical_id,
            region=internals.region(),
            stack=stack,
            logical_id=logical_id,
            properties=properties,
        )
        return physical_id, attributes

    def update(_id: str, _old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
        return create(logical_id, new, stack)

    def delete(physical_id: str, _properties: Properties) -> None:
        for key, record in list(_records.items()):
            same_place = record.region == internals.region() and record.type == resource_type
            if same_place and record.physical_id == physical_id:
                del _records[key]

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
