"""What the CDK CLI and the app are started with."""

import sys

import pytest

from deploy import cdk_cli


@pytest.mark.parametrize(("kept", "expected"), [(True, "2"), (False, None)])
def test_the_app_is_optimized_where_python_may_keep_it(
    monkeypatch: pytest.MonkeyPatch, kept: bool, expected: str | None
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not kept)
    assert cdk_cli.environment({}).get("PYTHONOPTIMIZE") == expected


def test_the_callers_own_word_counts() -> None:
    assert cdk_cli.environment({"PYTHONOPTIMIZE": ""})["PYTHONOPTIMIZE"] == ""
