"""What every page must have for readers, search engines and screen readers, and what none may have."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.site import document
from tests.unit.site.files import PAGES

# Attributes that run code or style from inside the markup: a policy without 'unsafe-inline' blocks them.
INLINE = re.compile(r"on[a-z]+|style")


def head_meta(markup: document.Element, name: str) -> str:
    """The content of the page's one <meta> with this name or property."""
    found = [
        meta.attributes["content"]
        for meta in markup.all("meta")
        if name in (meta.attributes.get("name"), meta.attributes.get("property"))
    ]
    assert len(found) == 1, f"{len(found)} <meta> called {name}; want one"
    return found[0]


def test_the_site_has_its_pages() -> None:
    assert {page.name for page in PAGES} == {"404.html", "about.html", "contact.html", "index.html"}


def test_is_html_in_english_with_a_responsive_viewport(page: Path, markup: document.Element) -> None:
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>\n")
    assert markup.one("html").attributes["lang"] == "en"
    assert markup.one("head").children[0].attributes == {"charset": "utf-8"}
    assert head_meta(markup, "viewport") == "width=device-width, initial-scale=1"
    assert head_meta(markup, "color-scheme") == "light dark"


def test_has_title_and_description(markup: document.Element) -> None:
    assert 10 <= len(markup.one("head").one("title").text()) <= 65
    # Search engines cut longer ones.
    assert 40 <= len(head_meta(markup, "description")) <= 160


def test_titles_differ() -> None:
    titles = [document.read(page).one("head").one("title").text() for page in PAGES]
    assert len(set(titles)) == len(PAGES)


def test_has_open_graph_tags(markup: document.Element) -> None:
    for name in ("og:type", "og:site_name", "og:title", "og:description"):
        assert head_meta(markup, name)
    # og:image and og:url must be absolute addresses (ogp.me), and these files do not know their host.
    named = {meta.attributes.get("property") for meta in markup.all("meta")}
    assert not named & {"og:image", "og:url"}


def test_headings_descend_without_a_gap(markup: document.Element) -> None:
    levels = [int(heading.name[1]) for heading in markup.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_has_landmarks_and_a_skip_link_first(markup: document.Element) -> None:
    assert markup.one("main").attributes["id"] == "main"
    assert markup.one("nav").attributes["aria-label"]
    assert markup.all("a")[0].attributes == {"class": "skip", "href": "#main"}


def test_pictures_have_a_text_or_are_hidden(markup: document.Element) -> None:
    for picture in markup.all("img"):
        assert "alt" in picture.attributes, f"line {picture.line}: <img> without alt"
    ids = {element.attributes["id"]: element for element in markup.all() if "id" in element.attributes}
    for drawing in markup.all("svg"):
        if drawing.attributes.get("aria-hidden") == "true":
            continue
        assert drawing.attributes["role"] == "img", f"line {drawing.line}"
        labels = [ids[label].text() for label in drawing.attributes.get("aria-labelledby", "").split()]
        assert drawing.attributes.get("aria-label") or (labels and all(labels)), (
            f"line {drawing.line}: no text"
        )


def test_ids_are_unique_and_references_resolve(markup: document.Element) -> None:
    ids = [element.attributes["id"] for element in markup.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in markup.all():
        for reference in element.attributes.get("aria-labelledby", "").split():
            assert reference in ids, f"line {element.line}: nothing is called {reference}"


def test_has_no_inline_style_or_script(markup: document.Element) -> None:
    assert not markup.all("style")
    for script in markup.all("script"):
        assert not script.text(), f"line {script.line}: inline script"
        assert script.attributes.keys() == {"src", "defer"}
    for element in markup.all():
        inline = [name for name in element.attributes if INLINE.fullmatch(name)]
        assert not inline, f"line {element.line}: <{element.name}> has {inline}"


def test_table_cells_carry_their_heading_for_narrow_screens(markup: document.Element) -> None:
    for table in markup.all("table"):
        headings = [heading.text() for heading in table.one("thead").all("th")]
        assert all(heading.attributes["scope"] == "col" for heading in table.one("thead").all("th"))
        for row in table.one("tbody").all("tr"):
            assert row.one("th").attributes["scope"] == "row"
            assert [cell.attributes["data-head"] for cell in row.all("td")] == headings[1:]


@pytest.mark.parametrize(("start", "end"), [('<a class="skip"', "<main"), ("<footer", "</html>")])
def test_header_and_footer_are_the_same_on_every_page(start: str, end: str) -> None:
    parts: dict[str, list[str]] = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        part = text[text.index(start) : text.index(end)].replace(' aria-current="page"', "")
        parts.setdefault(part, []).append(page.name)
    assert len(parts) == 1, f"{start} differs: {' / '.join(map(str, parts.values()))}"


def test_navigation_marks_the_page_that_is_open(page: Path, markup: document.Element) -> None:
    current = [link.attributes["href"] for link in markup.all("a") if "aria-current" in link.attributes]
    own = {"index.html": ["/"], "404.html": []}.get(page.name, [f"/{page.name}"])
    assert current == own


def test_only_the_home_page_counts_and_the_number_starts_hidden(page: Path, markup: document.Element) -> None:
    scripts = [script.attributes["src"] for script in markup.all("script")]
    tickets = [element for element in markup.all() if "data-visit-ticket" in element.attributes]
    if page.name != "index.html":
        assert scripts == []
        assert tickets == []
        return
    assert scripts == ["/js/visits.js"]
    assert [ticket.attributes.get("hidden") for ticket in tickets] == [""]
    # A live region is announced only if it is in the page, and not hidden, before its text changes.
    slots = [element for element in markup.all() if "aria-live" in element.attributes]
    assert [slot.attributes["aria-live"] for slot in slots] == ["polite"]
    assert "hidden" not in slots[0].attributes
    assert tickets[0] in slots[0].all()


def test_missing_page_stays_out_of_search_engines() -> None:
    for page in PAGES:
        robots = [meta for meta in document.read(page).all("meta") if meta.attributes.get("name") == "robots"]
        contents = [meta.attributes["content"] for meta in robots]
        assert contents == (["noindex"] if page.name == "404.html" else [])


def test_no_page_claims_an_address() -> None:
    """A canonical link has to be absolute, says Lighthouse, and no page knows under which name it is served."""
    for page in PAGES:
        links = document.read(page).all("link")
        assert "canonical" not in [link.attributes["rel"] for link in links]
