"""AWS::CloudFront::KeyValueStore, and the association of a function with one, as AWS provisions them.

ministack takes a name that exists over, ignores a new name, keeps the contents of a deleted store and lets a
function be associated with a store that does not exist. Ref is the name; Fn::GetAtt knows Arn, Id and Status.
"""

from typing import Any

from local.emulator import internals, key_value_api
from local.emulator.cloudformation.handlers import (
    Properties,
    Provisioned,
    ResourceError,
    table,
    wrap_provisioning,
)

_TYPE = "AWS::CloudFront::KeyValueStore"
_FUNCTION = "AWS::CloudFront::Function"
_MODULE = "services.cloudfront"


def _records() -> Any:
    return internals.get(_MODULE, "_kvstores")


def _finished(name: str, properties: Properties) -> Provisioned:
    """Put what ministack's handler leaves out into the record; return it as CloudFormation wants it."""
    record = _records()[name]
    record["Comment"] = properties.get("Comment", "")
    internals.get(_MODULE, "_tags")[record["ARN"]] = list(properties.get("Tags", []))
    return name, {"Arn": record["ARN"], "Id": record["Id"], "Status": record["Status"]}


def _users(arn: str) -> list[str]:
    """The functions that the store is associated with, in either stage."""
    functions = internals.get(_MODULE, "_functions").values()
    return [
        function["name"]
        for function in functions
        if arn in function.get("kvs_arns", []) or arn in (function.get("live_body") or {}).get("kvs_arns", [])
    ]


def _check_associations(properties: Properties) -> None:
    config = properties.get("FunctionConfig", {})
    arns = [one["KeyValueStoreARN"] for one in config.get("KeyValueStoreAssociations", [])]
    if len(arns) > 1:
        raise ResourceError("A function can be associated with one key value store only.")
    if arns and config.get("Runtime") != "cloudfront-js-2.0":
        raise ResourceError("A key value store needs the runtime cloudfront-js-2.0.")
    for arn in arns:
        if key_value_api.record_of(arn) is None:
            raise ResourceError(f"The key value store {arn} was not found.")


def install() -> None:
    """Wrap ministack's handlers of both types."""
    entry = table()[_TYPE]
    create, update, delete = entry["create"], entry["update"], entry["delete"]

    def create_new(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        name = properties.get("Name")
        if name in _records():
            raise ResourceError(f"A key value store with the name {name} already exists.")
        physical_id = create(logical_id, properties, stack)[0]
        key_value_api.align(_records()[physical_id])
        return _finished(physical_id, properties)

    def update_or_replace(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Provisioned:
        if new.get("Name") != physical_id or physical_id not in _records():
            return create_new(logical_id, new, stack)
        update(physical_id, old, new, stack)
        return _finished(physical_id, new)

    def delete_with_contents(physical_id: str, properties: Properties) -> None:
        record = _records().get(physical_id)
        if record is None:
            return
        users = _users(record["ARN"])
        if users:
            raise ResourceError(
                f"The key value store {physical_id} is associated with {', '.join(users)} and cannot be deleted."
            )
        delete(physical_id, properties)
        internals.get(_MODULE, "_tags").pop(record["ARN"], None)
        key_value_api.forget(record["ARN"])

    table()[_TYPE] = {
        "create": create_new,
        "update": update_or_replace,
        "update_with_logical_id": True,
        "delete": delete_with_contents,
    }

    def with_associations(proceed: Any, properties: Properties) -> Provisioned:
        _check_associations(properties)
        provisioned: Provisioned = proceed()
        return provisioned

    wrap_provisioning(_FUNCTION, with_associations, blocking=False)
