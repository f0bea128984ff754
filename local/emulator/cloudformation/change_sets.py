"""A change set whose template differs in its outputs alone is one to be executed.

ministack compares resources and says "didn't contain changes", so that the CDK deploys nothing. A stack whose
output another stack begins to ask for changes in just that way: on AWS it is updated.
"""

import re
from typing import Any, Final

from local.emulator import internals
from local.emulator.internals import Response

_CLOUDFORMATION: Final = "services.cloudformation"
_ID: Final = re.compile(r"<Id>([^<]+)</Id>")


def differs_in_outputs(change_set: dict[str, Any], stack: dict[str, Any]) -> bool:
    """Whether a change set without a change of a resource has other outputs than its stack."""
    if change_set["Status"] != "FAILED" or "didn't contain changes" not in change_set["StatusReason"]:
        return False
    before = (stack.get("_template") or {}).get("Outputs") or {}
    after = (change_set.get("_template") or {}).get("Outputs") or {}
    return bool(before != after)


def install() -> None:
    """Look at each change set once it is made."""
    actions = internals.get("services.cloudformation.handlers", "_ACTION_HANDLERS")
    create = actions["CreateChangeSet"]

    def create_change_set(params: dict[str, Any]) -> Response:
        response: Response = create(params)
        content = response[2].decode() if isinstance(response[2], bytes) else str(response[2])
        found = _ID.search(content)
        change_sets = internals.get(_CLOUDFORMATION, "_change_sets")
        change_set = change_sets.get(found[1]) if found else None
        if change_set is not None:
            stack = internals.get(_CLOUDFORMATION, "_stacks").get(change_set["StackName"]) or {}
            if differs_in_outputs(change_set, stack):
                change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
        return response

    actions["CreateChangeSet"] = create_change_set
