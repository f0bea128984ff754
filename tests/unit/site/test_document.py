"""The strict parser that the other checks rely on does refuse what it says."""

import pytest

from tests.unit.site import document


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<main><p>text</main>", "</main> where </p> is due"),
        ("<main><p>text</p>", "never closed: <main>"),
        ("</p>", "</p> where"),
        ("<div/>", "does not close"),
        ('<p id="a" id="b"></p>', "attribute twice"),
    ],
)
def test_broken_markup_is_refused(markup: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        document.parse(markup)


def test_void_elements_and_svg_need_no_end_tag() -> None:
    root = document.parse('<p>a<br>b</p><svg><path d="M0 0"/></svg>')
    assert [element.name for element in root.all()] == ["p", "br", "svg", "path"]
