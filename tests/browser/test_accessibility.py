"""Contrast, keyboard and motion, measured in the browser (WCAG 2.2, level AA)."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import parts
from tests.browser import journey

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PATHS = ("/", "/about.html", "/contact.html", "/no/such/page")

AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
# all that axe can test of WCAG 2.2, levels A and AA, and what is no success criterion but good practice
AXE_RUN = """axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    rules: { "target-size": { enabled: true } },
})"""


def axe(page: Page) -> Any:
    """What axe says of the open page. It comes by the debugger: the page's policy stays in force."""
    parts.require("axe", AXE.is_file(), "`make test` installs it, into tests/browser/node/node_modules")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(AXE_RUN)


def found(results: Any) -> list[str]:
    """One line for each rule that axe found broken, with the first elements."""
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
        for each in results
    ]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(
    page: Page, site_url: str, path: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(urljoin(site_url, path))
    if path == "/":
        journey.shown_visit(page)
    results = axe(page)
    assert not found(results["violations"])
    assert len(results["passes"]) > 20
    # Where axe cannot tell, as of text in a drawing, test_text_has_contrast can.
    assert {each["id"] for each in results["incomplete"]} <= {"color-contrast"}, found(results["incomplete"])


def test_axe_notices(page: Page, site_url: str) -> None:
    page.goto(urljoin(site_url, "/about.html"))
    page.evaluate(
        """() => {
            document.documentElement.removeAttribute("lang");
            document.querySelector(".foot p").style.color = "#bbb";
            document.querySelector("main").append(document.createElement("h5"));
            document.querySelector("h5").textContent = "Too deep";
        }"""
    )
    rules = {each["id"] for each in axe(page)["violations"]}
    assert {"html-has-lang", "color-contrast", "heading-order"} <= rules


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(page: Page, site_url: str, path: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(urljoin(site_url, path))
    if path == "/":
        journey.shown_visit(page)
    # What is painted at a point is known only inside the window.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 1440, "height": height})
    texts = page.evaluate(CONTRAST)
    assert len(texts) > 8
    weak = [text for text in texts if text["ratio"] < text["needed"]]
    assert not weak, weak


def test_schemes_differ(page: Page, site_url: str) -> None:
    papers = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(site_url)
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2


def test_tab_key_walks_the_page_in_reading_order_with_a_visible_mark(page: Page, site_url: str) -> None:
    page.goto(site_url)
    reached: list[str] = []
    while True:
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const element = document.activeElement;
                const { bottom, width } = element.getBoundingClientRect();
                const { outlineStyle, outlineWidth } = getComputedStyle(element);
                return {
                    name: element === document.body ? null : element.innerText.trim(),
                    marked: outlineStyle === "solid" && outlineWidth === "3px",
                    inSight: bottom > 0 && width > 0,
                };
            }"""
        )
        if focus["name"] is None or len(reached) > 20:
            break
        assert focus["marked"], f"{focus['name']} has no focus mark"
        assert focus["inSight"], f"{focus['name']} is out of sight"
        reached.append(focus["name"])
    assert reached == [
        "Skip to the content",
        "aws-web-presence",
        "Home",
        "About",
        "Contact",
        "Run it",
        "How it works",
        "How it works",
        "Report a problem",
    ]


def test_skip_link_jumps_over_the_header(page: Page, site_url: str) -> None:
    page.goto(site_url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Run it")).to_be_focused()


@pytest.mark.parametrize("path", PATHS)
def test_links_are_big_enough_to_hit(page: Page, site_url: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(urljoin(site_url, path))
    for link in page.get_by_role("link").all():
        box = link.bounding_box()
        assert box
        # WCAG 2.2, 2.5.8 "Target Size (Minimum)". CSS pixels.
        assert min(box["width"], box["height"]) >= 24, f"{link.inner_text()} is {box}"


def test_screen_reader_gets_the_map_in_words(page: Page, site_url: str) -> None:
    page.goto(site_url)
    drawing = page.get_by_role("img", name="The way of a request, drawn as a transit map")
    expect(drawing).to_have_accessible_description("")
    expect(drawing).to_have_accessible_name(
        "The way of a request, drawn as a transit map Both lines start at your browser and share the stop "
        "CloudFront. Line A, the page, goes on to S3. Line B, the number, takes every request below /api/ to "
        "the load balancer, then to Fargate, and ends at Redis."
    )


def test_nothing_moves_where_less_motion_is_wanted(page: Page, site_url: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site_url)
    journey.shown_visit(page)
    assert page.evaluate("document.getAnimations().length") == 0


def test_motion_ends_by_itself_within_five_seconds(browser: Browser, site_url: str) -> None:
    # WCAG 2.2, 2.2.2 "Pause, Stop, Hide": what moves longer needs a way to stop it.
    page = browser.new_page(reduced_motion="no-preference")
    try:
        page.goto(site_url)
        journey.shown_visit(page)
        ends = page.evaluate("document.getAnimations().map(one => one.effect.getComputedTiming().endTime)")
        assert len(ends) >= 2
        assert max(ends) <= 5_000
    finally:
        page.close()
