"""The start-up self-check notices what is not as expected."""

from collections.abc import Iterator

import pytest

from local.emulator import internals
from local.emulator.internals import Hook


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Hook]]:
    """The list of hooks, to be changed by the test."""
    changed: list[Hook] = []
    monkeypatch.setattr(internals, "HOOKS", changed)
    yield changed


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (
            Hook("core.arn", "parse_arn", parameters=("arn", "strict")),
            "takes (value), expected (arn, strict)",
        ),
        (Hook("core.arn", "parse", parameters=()), "ministack.core.arn.parse is missing"),
        (Hook("core.nowhere", "parse"), "ministack.core.nowhere cannot be imported"),
        (Hook("core.arn", "ArnParseError", kind=dict), "is a type, expected a dict"),
    ],
)
def test_each_difference_is_named(hooks: list[Hook], hook: Hook, said: str) -> None:
    hooks.append(hook)
    (problem,) = internals.problems()
    assert said in problem


def test_another_version_is_named_without_importing_it(
    hooks: list[Hook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(internals, "installed_version", lambda: "1.6.0")
    hooks.append(Hook("core.nowhere", "parse"))
    assert internals.problems() == ["found ministack 1.6.0, expected 1.5.33"]


def test_what_is_not_listed_cannot_be_used() -> None:
    with pytest.raises(LookupError, match="not listed"):
        internals.get("core.arn", "parse_arn")
