"""The table of choices in docs/visitor-counter.md."""

import re
from collections.abc import Mapping

import pytest

from review import counter_choices
from review.cost import Template
from stacks import settings
from tests.golden import documents
from tests.unit.stacks.synthesis import ROOT

DOCUMENT = "before\n<!-- choices: written by make golden -->\nstale row\n<!-- end of choices -->\nafter\n"


def secrets(given: Mapping[str, object]) -> Template:
    """A template that costs 0.40 for each setting, and once more."""
    return {
        "Resources": {
            f"Secret{number}": {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
            for number in range(1 + len(given))
        }
    }


def test_the_table_takes_the_place_of_the_old_one_and_tells_the_difference() -> None:
    written = counter_choices.with_table(DOCUMENT, secrets)
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "stale row" not in written
    assert "| All defaults |  | 0.40 |  |" in written
    assert "| ECS Exec | `counter_exec=true` | 0.80 | +0.40 |" in written
    assert counter_choices.with_table(written, secrets) == written


@pytest.mark.parametrize("missing", ["<!-- choices: written by make golden -->", "<!-- end of choices -->"])
def test_a_document_without_a_marker_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match=re.escape(missing)):
        counter_choices.with_table(DOCUMENT.replace(missing, ""), secrets)


def test_every_choice_is_one_that_can_be_given() -> None:
    for given in counter_choices.CHOICES.values():
        settings.load(given)


def test_the_document_is_among_those_that_are_kept_current() -> None:
    assert ROOT / "docs" / "visitor-counter.md" in documents()
