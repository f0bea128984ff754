"""No Lambda function, whoever adds it, leaves a log behind that nobody owns and that never expires."""

from typing import Any

import pytest

from tests.golden import CASES
from tests.unit.stacks.synthesis import template

TEMPLATES = [
    (case, f"{stack}-full" if case == "everything" else stack)
    for case in CASES
    for stack in ("StaticSite", "VisitorCounter")
]


def functions(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The Lambda functions of a template by logical id."""
    return {
        name: each for name, each in found["Resources"].items() if each["Type"] == "AWS::Lambda::Function"
    }


@pytest.mark.parametrize(("case", "stack"), TEMPLATES)
def test_every_function_logs_into_a_group_of_its_stack(case: str, stack: str) -> None:
    found = template(stack, **CASES[case])
    assert functions(found)
    for name, function in functions(found).items():
        config = function["Properties"].get("LoggingConfig", {})
        assert "LogGroup" in config, f"{name} would log to /aws/lambda/{name}, which outlives the stack"
        # A reference, not a name: CloudFormation then makes the group first and deletes it last.
        group = found["Resources"][config["LogGroup"]["Ref"]]
        assert group["Type"] == "AWS::Logs::LogGroup"
        assert group["Properties"]["RetentionInDays"] == CASES[case].get("log_retention_days", 30)


def test_logs_of_the_cdks_own_functions_go_with_the_stack_even_if_data_is_retained() -> None:
    found = template("VisitorCounter")
    (function,) = functions(found).values()
    group = found["Resources"][function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert (group["DeletionPolicy"], group["UpdateReplacePolicy"]) == ("Delete", "Delete")
