"""`python -m local.emulator.fidelity_table` writes the tables of docs/emulator.md from fidelity.py."""

from pathlib import Path

from local.emulator import fidelity

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "emulator.md"
_BEGIN = "<!-- tables: written by python -m local.emulator.fidelity_table -->"
_END = "<!-- end of tables -->"


def tables() -> str:
    """The tables as Markdown: what is served, what is stored only, what differs everywhere."""
    lines = []
    for served, title in ((True, "Served for real"), (False, "Stored only")):
        lines += [f"### {title}", "", "| Resource type | What that means here |", "|---|---|"]
        rows = sorted((name, one.note) for name, one in fidelity.TABLE.items() if one.served == served)
        lines += [f"| `{name}` | {note} |" for name, note in rows]
        lines.append("")
    lines += ["### Different everywhere", "", "| Subject | Here |", "|---|---|"]
    lines += [f"| {subject} | {note} |" for subject, note in fidelity.GAPS]
    return "\n".join(lines)


def with_tables(document: str) -> str:
    """Return the document with current tables. Raises ValueError where its two markers are missing."""
    before, begin, rest = document.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{DOCUMENT} lacks the marker {_BEGIN if not begin else _END}")
    return f"{before}{_BEGIN}\n\n{tables()}\n\n{_END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
