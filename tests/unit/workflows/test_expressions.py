"""The evaluator says what GitHub would, or that it does not know."""

import pytest

from tests.unit.workflows.expressions import UnknownExpressionError, evaluate, filled_in

NAMES = {"vars.A": "a", "steps.smoke.outcome": "failure"}
FUNCTIONS = {"failure": lambda: True}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("vars.A", "a"),
        ("vars.NONE", ""),
        ("vars.NONE || 'other'", "other"),
        ("vars.A || 'other'", "a"),
        ("vars.A != ''", True),
        ("vars.NONE != ''", False),
        ("failure() && steps.smoke.outcome == 'failure'", True),
        ("failure() && steps.smoke.outcome == 'success'", False),
        ("vars.NONE == '' && (vars.A == 'b' || vars.A == 'a')", True),
        ("'it''s'", "it's"),
    ],
)
def test_values(expression: str, expected: str | bool) -> None:
    assert evaluate(expression, NAMES, FUNCTIONS) == expected


@pytest.mark.parametrize(
    "expression", ["contains(vars.A, 'a')", "vars.A ==", "(vars.A", "vars.A vars.A", "1 + 1"]
)
def test_what_it_does_not_know_it_does_not_guess(expression: str) -> None:
    with pytest.raises(UnknownExpressionError):
        evaluate(expression, NAMES, FUNCTIONS)


def test_a_text_is_filled_in() -> None:
    assert filled_in("role/${{ vars.A }}-${{ vars.A == 'a' }}", NAMES, FUNCTIONS) == "role/a-true"
