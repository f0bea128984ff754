"""A real browser for the tests, with one tab that they share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import parts
from tests.browser import chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; skips them if there is none."""
    with sync_playwright() as playwright:
        program = chromium.find(Path(playwright.chromium.executable_path))
        parts.require("browser", program is not None, chromium.HOW_TO_GET_IT)
        launched = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all tests: a fresh one for each costs 0.4 s of a processor, twice what the test itself does."""
    context = browser.new_context()
    yield context.new_page()
    left = context.storage_state()
    # the version of the page (docs/decisions/0008), for a day: nothing about the visitor
    others = [cookie for cookie in left["cookies"] if cookie["name"] != "site-version"]
    assert (others, left["origins"]) == ([], []), "the site left something in the profile"
    context.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab, empty, in a window of 1440 by 900 pixels.

    It asks for less motion, so that no test has to wait for an animation.
    """
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    yield tab
    tab.unroute_all()
    tab.goto("about:blank")
