"""A change of outputs is a change."""

from typing import Any

import pytest

from local.emulator.cloudformation.change_sets import differs_in_outputs

OLD = {"Queue": {"Value": {"Ref": "Queue"}}}
NEW = {**OLD, "Arn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}}}
NOTHING = "The submitted information didn't contain changes. Submit different information."


@pytest.mark.parametrize(
    ("outputs", "status", "reason", "expected"),
    [
        (NEW, "FAILED", NOTHING, True),
        ({}, "FAILED", NOTHING, True),
        (OLD, "FAILED", NOTHING, False),
        (NEW, "FAILED", "the template is not valid", False),
        (NEW, "CREATE_COMPLETE", "", False),
    ],
)
def test_only_other_outputs_make_an_empty_change_set_one_to_execute(
    outputs: dict[str, Any], status: str, reason: str, expected: bool
) -> None:
    change_set = {"Status": status, "StatusReason": reason, "_template": {"Outputs": outputs}}
    assert differs_in_outputs(change_set, {"_template": {"Outputs": OLD}}) == expected
