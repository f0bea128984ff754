"""The site as a visitor meets it, served with the real counter."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journey

PATHS = ("/", "/about.html", "/contact.html", "/no/such/page")


@pytest.mark.parametrize("path", PATHS)
def test_page_loads_clean_and_asks_nobody_else(page: Page, site_url: str, path: str) -> None:
    # Chromium logs each 404 answer by itself, that of the missing page too.
    own = r"Failed to load resource: .* 404" if path == "/no/such/page" else r"(?!)"
    with journey.no_foreign_requests(page, site_url), journey.no_console_errors(page, ignore=own):
        page.goto(urljoin(site_url, path))
        journey.is_styled(page)
        if path == "/":
            journey.shown_visit(page)


def test_every_link_leads_somewhere(page: Page, site_url: str) -> None:
    with journey.no_foreign_requests(page, site_url), journey.no_console_errors(page):
        assert journey.follow_every_link(page, site_url) == {"/", "/about.html", "/contact.html"}


def test_missing_page(page: Page, site_url: str) -> None:
    journey.missing_page_is_helpful(page, site_url)


def test_works_without_javascript(browser: Browser, site_url: str) -> None:
    journey.works_without_javascript(browser, site_url)


@pytest.mark.parametrize("path", PATHS)
def test_fits_every_window(page: Page, site_url: str, path: str) -> None:
    page.goto(urljoin(site_url, path))
    # 320 px is what WCAG 2.2 asks for (1.4.10, Reflow): a window of 1280 px at a zoom of 400 %.
    for width in (320, 360, 736, 800, 1000, 1440, 2560):
        journey.no_horizontal_scroll(page, width)


def test_number_moves_nothing(page: Page, site_url: str, pages_only_url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    top = "element => element.getBoundingClientRect().top"
    page.goto(pages_only_url)
    without_number = page.get_by_role("figure").evaluate(top)
    page.goto(site_url)
    journey.shown_visit(page)
    assert page.get_by_role("figure").evaluate(top) == without_number, "the map makes room for the number"


def test_long_number_fits_a_small_window(page: Page, site_url: str) -> None:
    page.goto(site_url)
    journey.shown_visit(page)
    page.locator("[data-visit-number]").evaluate("element => { element.textContent = '123456789th' }")
    journey.no_horizontal_scroll(page, 320)
    slot = page.locator("[aria-live]")
    assert slot.evaluate("element => element.scrollWidth <= element.clientWidth")


def test_checks_notice_a_page_without_style(page: Page, site_url: str) -> None:
    page.route("**/*.css", lambda route: route.abort())
    with pytest.raises(AssertionError, match="Failed to load resource"), journey.no_console_errors(page):
        page.goto(site_url)
    with pytest.raises(AssertionError, match="not black"):
        journey.is_styled(page)


def test_checks_notice_a_blocked_style(page: Page, site_url: str) -> None:
    page.goto(site_url)
    with pytest.raises(AssertionError, match="Content Security Policy"), journey.no_console_errors(page):
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        expect(page.locator("body")).to_have_attribute("style", re.compile("red"))


def test_checks_notice_a_foreign_request(browser: Browser, site_url: str) -> None:
    # With the policy in force, the browser would not even ask.
    page = browser.new_page(bypass_csp=True)
    try:
        page.goto(site_url)
        with pytest.raises(AssertionError, match="asked for"), journey.no_foreign_requests(page, site_url):
            page.evaluate("fetch('http://other.localhost/').catch(() => {})")
    finally:
        page.close()
