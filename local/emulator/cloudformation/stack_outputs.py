"""Fn::GetStackOutput with `Region`: the output of a stack of another region.

The CDK writes a weak reference across regions so. ministack knows the function, and looks for the stack in the
current region alone.
"""

from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation.handlers import ResourceError

_FUNCTION: Final = "Fn::GetStackOutput"
_ENGINE: Final = "services.cloudformation.engine"
_CALLERS: Final = (
    _ENGINE,
    "services.cloudformation.stacks",
    "services.cloudformation.changesets",
    "services.cloudformation.handlers",
)
"""The modules that have the resolving function under their own name."""


def output(stack: str, name: str, region: str) -> str:
    """The value of an output of a deployed stack. Raises ResourceError where there is no such stack or output."""
    stacks = internals.get("services.cloudformation", "_stacks")
    found = stacks.get_scoped(internals.account(), region, stack)
    if found is None or found.get("StackStatus") == "DELETE_COMPLETE":
        raise ResourceError(f"{_FUNCTION}: stack {stack} does not exist in {region}")
    values: dict[str, str] = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}
    if name not in values:
        known = ", ".join(sorted(values)) or "none"
        raise ResourceError(f"{_FUNCTION}: stack {stack} in {region} has no output {name} (it has: {known})")
    return values[name]


def install() -> None:
    """Answer the function ourselves; leave every other to ministack."""
    resolve = internals.get(_ENGINE, "_resolve_refs")

    def resolve_refs(
        value: Any,
        resources: dict[str, Any],
        params: dict[str, Any],
        conditions: dict[str, Any],
        mappings: dict[str, Any],
        stack_name: str,
        stack_id: str,
    ) -> Any:
        def resolved(part: Any) -> Any:
            return resolve(part, resources, params, conditions, mappings, stack_name, stack_id)

        if not isinstance(value, dict) or not isinstance(value.get(_FUNCTION), dict):
            return resolved(value)
        asked = {key: str(resolved(part)) for key, part in value[_FUNCTION].items()}
        return output(asked["StackName"], asked["OutputName"], asked.get("Region") or internals.region())

    for module in _CALLERS:
        internals.replace(module, "_resolve_refs", resolve_refs)
