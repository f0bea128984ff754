"""A template that changed without its golden copy fails here, with the difference."""

import difflib
import json
import re

import pytest

from tests.golden import FOLDER, current, documents, normalized


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    return {path.name: text for path, text in current().items()}


def test_golden_templates_are_current(templates: dict[str, str]) -> None:
    difference: list[str] = []
    for name in sorted(templates.keys() | {path.name for path in FOLDER.glob("*.template.json")}):
        golden = FOLDER / name
        kept = golden.read_text() if golden.exists() else ""
        difference += difflib.unified_diff(
            kept.splitlines(keepends=True),
            templates.get(name, "").splitlines(keepends=True),
            f"tests/golden/{name}",
            "synthesized",
        )
    if difference:
        pytest.fail("stale; if meant, run: make golden\n" + "".join(difference), pytrace=False)


def test_documents_are_current() -> None:
    for path, text in documents().items():
        assert path.read_text() == text, f"docs/{path.name} is stale; run: make golden"


def test_normalization_hides_asset_hashes_and_nothing_else() -> None:
    template = {"Key": f"{'a' * 64}.zip", "Image": f"repository:{'0' * 64}", "Policy": "658327ea-f89d-4fab"}
    assert json.loads(normalized(json.dumps(template))) == {
        "Key": "<asset>.zip",
        "Image": "repository:<asset>",
        "Policy": "658327ea-f89d-4fab",
    }


def test_golden_templates_hold_no_asset_hash(templates: dict[str, str]) -> None:
    assert not [name for name, text in templates.items() if re.search(r"\b[0-9a-f]{64}\b", text)]
