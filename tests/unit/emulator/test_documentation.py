"""docs/emulator.md says what the code says."""

from local.emulator.fidelity_table import DOCUMENT, with_tables


def test_the_tables_are_current() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_tables(text) == text, "run: python -m local.emulator.fidelity_table"
