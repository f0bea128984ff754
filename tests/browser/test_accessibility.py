"""Contrast, keyboard and motion, measured in the browser (WCAG 2.2, level AA)."""

from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journey

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
PATHS = ("/", "/about.html", "/contact.html", "/no/such/page")


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
