"""Every resource's properties are held against AWS's schema before it is provisioned, ministack's own types too."""

from typing import Any

from local.emulator.cloudformation import schemas
from local.emulator.cloudformation.handlers import Properties, Provisioned, ResourceError, table


def _refuse_invalid(resource_type: str, properties: Properties) -> None:
    found = schemas.violations(resource_type, properties)
    if found:
        raise ResourceError(
            f"Properties validation failed for resource of type {resource_type} with message: "
            + "; ".join(found)
        )


def _validated(resource_type: str, entry: dict[str, Any]) -> dict[str, Any]:
    create = entry["create"]
    update = entry.get("update")

    def checked_create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        _refuse_invalid(resource_type, properties)
        provisioned: Provisioned = create(logical_id, properties, stack)
        return provisioned

    if update is None:
        return {**entry, "create": checked_create}

    def checked_update(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Provisioned:
        _refuse_invalid(resource_type, new)
        provisioned: Provisioned = update(physical_id, old, new, *rest)
        return provisioned

    return {**entry, "create": checked_create, "update": checked_update}


def install() -> None:
    """Put the check before each handler. To be called when all types are registered."""
    known = schemas.known_types()
    for resource_type, entry in list(table().items()):
        if resource_type in known and "create" in entry:
            table()[resource_type] = _validated(resource_type, entry)
