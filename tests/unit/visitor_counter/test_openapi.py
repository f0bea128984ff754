"""The counter is asked whatever its OpenAPI document allows, and what it does not."""

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.counter_process import ROOT

DOCUMENT = json.loads((ROOT / "visitor_counter" / "openapi.json").read_text())
# Illegal input is for operations that have any.
OPERATIONS = [
    pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
    for path, item in DOCUMENT["paths"].items()
    for method in ("get", "post")
    if method in item
    for mode in ([*GenerationMode] if "parameters" in item else [GenerationMode.POSITIVE])
]


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_every_operation_keeps_to_its_description(
    app: Flask, path: str, method: str, mode: GenerationMode
) -> None:
    """Status, content type, headers and body are as described; nothing is a 500; illegal input is refused."""
    operation = schemathesis.openapi.from_wsgi("/openapi.json", app)[path][method]

    @settings(
        max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    ask()
