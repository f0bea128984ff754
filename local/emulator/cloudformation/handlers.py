"""ministack's table of resource handlers: how the extension reads and extends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.emulator import internals

Properties = dict[str, Any]
Provisioned = tuple[str, dict[str, Any]]
"""Physical id (what Ref returns) and attributes (what Fn::GetAtt returns)."""

Create = Callable[[str, Properties, str], Provisioned]
"""(logical id, properties, stack name)"""
Update = Callable[[str, Properties, Properties, str, str], Provisioned]
"""(physical id, old properties, new properties, stack name, logical id)"""
Delete = Callable[[str, Properties], None]
"""(physical id, properties)"""


class ResourceError(Exception):
    """A resource that cannot be provisioned; the message becomes the stack event's reason."""


@dataclass(frozen=True, kw_only=True)
class Handler:
    """How one resource type is created, updated and deleted.

    Without `update`, a change makes a new resource; CloudFormation deletes the old one afterwards, because the
    physical id changed.
    """

    create: Create
    delete: Delete
    update: Update | None = None


_blocking: set[str] = set()


def table() -> dict[str, dict[str, Any]]:
    """ministack's own table: resource type -> {"create": ..., "update": ..., "delete": ...}."""
    handlers: dict[str, dict[str, Any]] = internals.get(
        "services.cloudformation.provisioners", "_RESOURCE_HANDLERS"
    )
    return handlers


def register(resource_type: str, handler: Handler, *, blocking: bool) -> None:
    """Add a type that ministack lacks. `blocking`: it calls the emulator's own API, so it needs a thread."""
    if resource_type in table():
        raise LookupError(f"{resource_type} is provided by ministack: wrap it, do not replace it")

    def replace(
        _physical_id: str, _old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Provisioned:
        return handler.create(logical_id, new, stack)

    table()[resource_type] = {
        "create": handler.create,
        "update": handler.update or replace,
        "update_with_logical_id": True,
        "delete": handler.delete,
    }
    if blocking:
        _blocking.add(resource_type)


def wrap_provisioning(
    resource_type: str,
    around: Callable[[Callable[[], Provisioned], Properties], Provisioned],
    *,
    blocking: bool,
) -> None:
    """Run `around(proceed, properties)` in the place of a type's create and update."""
    entry = table()[resource_type]
    create = entry["create"]
    update = entry.get("update")

    def wrapped_create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        return around(lambda: create(logical_id, properties, stack), properties)

    replaced = {**entry, "create": wrapped_create}
    if update is not None:

        def wrapped_update(physical_id: str, old: Properties, new: Properties, *rest: Any) -> Provisioned:
            return around(lambda: update(physical_id, old, new, *rest), new)

        replaced["update"] = wrapped_update
    table()[resource_type] = replaced
    if blocking:
        _blocking.add(resource_type)


def install_threads() -> None:
    """Give every type that was registered as blocking a thread of its own."""
    original = internals.get("services.cloudformation.stacks", "_runs_on_worker_thread")

    def runs_on_worker_thread(resource_type: str) -> bool:
        return resource_type in _blocking or bool(original(resource_type))

    internals.replace("services.cloudformation.stacks", "_runs_on_worker_thread", runs_on_worker_thread)
