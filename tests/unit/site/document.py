"""Reads a page strictly: what a browser would silently repair is an error here."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# HTML Standard, section "Elements", "Void elements".
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element: its name, its attributes, the elements and the text inside it."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, *names: str) -> list["Element"]:
        """This element's descendants in document order; only those called one of `names`, if given."""
        found: list[Element] = []
        for child in self.children:
            if not names or child.name in names:
                found.append(child)
            found.extend(child.all(*names))
        return found

    def one(self, name: str) -> "Element":
        """The only descendant called `name`."""
        found = self.all(name)
        assert len(found) == 1, (
            f"{len(found)} <{name}> in <{self.name}> of line {self.line}; want exactly one"
        )
        return found[0]

    def text(self) -> str:
        """All text inside, in no particular order between elements, white space folded."""
        parts = [*self.texts, *(child.text() for child in self.children)]
        return " ".join(" ".join(parts).split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document", {}, 0)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID:
            self._open.append(self._open[-1].children[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A slash closes an element in SVG only; in HTML it means nothing, and <div/> stays open.
        in_svg = any(element.name == "svg" for element in self._open)
        assert in_svg or tag in VOID, f"line {self.getpos()[0]}: <{tag}/> does not close a <{tag}>"
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        expected = self._open[-1].name
        assert tag == expected, f"line {self.getpos()[0]}: </{tag}> where </{expected}> is due"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].texts.append(data)

    def close(self) -> None:
        super().close()
        unclosed = [f"<{element.name}> of line {element.line}" for element in self._open[1:]]
        assert not unclosed, f"never closed: {', '.join(unclosed)}"

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"line {line}: <{tag}> has an attribute twice"
        attributes = {name: value or "" for name, value in attrs}
        self._open[-1].children.append(Element(tag, attributes, line))


def parse(markup: str) -> Element:
    """The document that `markup` spells.

    Raises:
        AssertionError: an element is not closed, closed twice or in the wrong order, or repeats an attribute.
    """
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    return parser.root


def read(page: Path) -> Element:
    """The document in the file `page`; errors as in `parse`."""
    return parse(page.read_text(encoding="utf-8"))
