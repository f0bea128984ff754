"""README.md and docs/ say what the code says: targets, settings, paths, links, prices, messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import counter
from stacks.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^(```|~~~).*?^\1$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def makefile_targets() -> dict[str, str]:
    """Target -> its explanation, as `make` prints them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {match[1]: match[2] for match in re.finditer(r"^([a-z-]+):.*?## (.*)$", text, re.MULTILINE)}


def section(document: Path, heading: str) -> str:
    """The text below a heading, to the next one of the same or a higher level."""
    text = document.read_text(encoding="utf-8")
    start = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert start, f"{document.name} has no heading {heading!r}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of each table row, heads and rulers left out."""
    lines = text.splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines)
        if line.startswith("| ") and not "".join(lines[number + 1 : number + 2]).startswith("|--")
    ]


def code(text: str) -> Iterator[str]:
    """Every code block and code span."""
    for block in _FENCE.finditer(text):
        yield block[0]
    for span in _SPAN.finditer(_FENCE.sub("", text)):
        yield span[2]


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_readme_lists_every_target_as_make_does() -> None:
    listed = {
        cells[0].removeprefix("`make ").removesuffix("`"): cells[1]
        for cells in rows(section(README, "Make targets"))
        if cells[0].startswith("`make ")
    }
    assert list(listed.items()) == list(makefile_targets().items())


@every_document
def test_make_commands_name_targets(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {
        match[1] for piece in code(text) for match in re.finditer(r"\bmake ((?:[a-z]+-)*[a-z]+)\b", piece)
    }
    assert named <= makefile_targets().keys()


@every_document
def test_settings_in_commands_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {match[1] for piece in code(text) for match in re.finditer(r"-c (\w+)=", piece)}
    assert named - {"name", "key"} <= Settings.model_fields.keys()


@every_document
def test_relative_links_lead_somewhere(document: Path) -> None:
    text = _SPAN.sub("", _FENCE.sub("", document.read_text(encoding="utf-8")))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (document.parent / path).resolve() if path else document
        assert found.exists(), f"{target} leads nowhere"
        assert found.is_relative_to(ROOT), f"{target} leaves the repository"
        if anchor:
            headings = re.findall(
                r"^#+ (.*)$", _FENCE.sub("", found.read_text(encoding="utf-8")), re.MULTILINE
            )
            assert anchor in {slug(heading) for heading in headings}, f"{target}: no such heading"


def test_paths_in_the_tree_exist() -> None:
    paths = [
        span[2]
        for cells in rows(section(README, "Where things are"))
        for span in _SPAN.finditer(" ".join(cells))
        if "/" in span[2] or "." in span[2]
    ]
    assert len(paths) > 9
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_totals_are_those_of_the_computed_bill() -> None:
    bill = ROOT / "docs" / "cost.md"
    by_use = re.search(r"\*\*All together\*\* \| \*\*([\d.]+)\*\*", section(bill, "StaticSite"))
    standing = re.search(
        r"\*\*As long as it exists\*\* \|.*\*\*([\d.]+)\*\*", section(bill, "VisitorCounter")
    )
    platform = re.findall(
        r"^\| `ecommerce_profile=demo` \| \d \|.*\| ([\d.]+) \|$",
        section(bill, "The e-commerce platform"),
        re.MULTILINE,
    )
    assert by_use
    assert standing
    assert len(platform) == 5
    said = section(README, "What it costs")
    assert re.search(rf"StaticSite: {re.escape(by_use[1])} USD a month with 5,000 visits", said)
    assert re.search(rf"VisitorCounter: {re.escape(standing[1])} USD a month", said)
    assert (
        f"with `ecommerce=true` {platform[0]} USD a month for phase 1 in three regions, "
        f"{platform[-1]} with all five phases" in said
    )


def test_the_list_of_overrides_is_the_codes() -> None:
    listed = {
        cells[0].strip("`")
        for cells in rows(section(ROOT / "docs" / "code.md", "The counter, from the task definition"))
    }
    assert listed == counter.overrides(1, counter.RedisAddress(1, ROOT)).keys()


def test_the_messages_in_troubleshooting_are_the_programs() -> None:
    """A message is quoted with … for what varies; each part between must stand in one string of the code."""
    strings = [
        node.value
        for folder in ("local", "deploy", "stacks")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    messages = [
        span[2] for cells in rows(section(README, "Troubleshooting")) for span in _SPAN.finditer(cells[0])
    ]
    assert len(messages) > 9
    for message in messages:
        for part in filter(None, (part.strip() for part in re.split("…|PORT=", message))):
            assert any(part in string for string in strings), f"{message}: no program says {part!r}"
