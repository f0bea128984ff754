"""The number on the home page: right when the counter answers, absent without a word when it does not."""

import json
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from local.redis_server import RedisServer
from tests.browser import journey, site_server
from tests.browser.scripted_api import ScriptedApi

# What Chromium itself logs about a failed request; a page cannot suppress it.
BROWSER_OWN = r"Failed to load resource"

# From the arrival of an answer until the page has read it.
SETTLE_MS = 100

# The page gives up after 3 s.
PAST_TIME_LIMIT_MS = 3_300


@pytest.fixture
def scripted_api() -> Iterator[ScriptedApi]:
    """An API that fails as told; whatever still waits is let go at the end."""
    api = ScriptedApi()
    yield api
    api.go.set()


@pytest.fixture
def scripted_url(scripted_api: ScriptedApi) -> Iterator[str]:
    """The site in front of `scripted_api`."""
    with site_server.serve(scripted_api) as url:
        yield url
        scripted_api.go.set()


def shows_no_number(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-visit-ticket]")).to_be_hidden()


def test_count_goes_up_by_one_per_reload(page: Page, site_url: str) -> None:
    with journey.no_console_errors(page):
        journey.count_goes_up_by_one_per_reload(page, site_url)


def test_other_pages_do_not_count(page: Page, site_url: str, redis_server: RedisServer) -> None:
    number = journey.count_goes_up_by_one_per_reload(page, site_url, reloads=0)
    for path in ("/about.html", "/contact.html", "/no/such/page"):
        page.goto(site_url + path)
    assert journey.count_goes_up_by_one_per_reload(page, site_url, reloads=0) == number + 1


def test_no_number_while_redis_is_away_and_again_when_it_is_back(
    page: Page, site_url: str, redis_server: RedisServer
) -> None:
    before = journey.count_goes_up_by_one_per_reload(page, site_url, reloads=0)
    redis_server.stop()
    try:
        with journey.no_console_errors(page, ignore=BROWSER_OWN):
            with page.expect_response("**/api/visits") as answer:
                page.reload()
            assert answer.value.status == 503
            page.wait_for_timeout(SETTLE_MS)
        shows_no_number(page)
    finally:
        redis_server.start()
    page.reload()
    assert journey.shown_visit(page) == before + 1


def test_no_number_on_a_host_without_a_counter(page: Page, pages_only_url: str) -> None:
    with journey.no_console_errors(page, ignore=BROWSER_OWN):
        with page.expect_response("**/api/visits") as answer:
            page.goto(pages_only_url)
        assert answer.value.status == 404
        page.wait_for_timeout(SETTLE_MS)
    shows_no_number(page)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<!doctype html><title>the home page of a single-page application</title>"),
        (200, ""),
        (200, "null"),
        (200, "{}"),
        (200, '{"visits": "<b>7</b>"}'),
        (200, '{"visits": 0}'),
        (200, '{"visits": -3}'),
        (200, '{"visits": 1.5}'),
        (200, '{"visits": 9007199254740993}'),
        (500, '{"visits": 7}'),
        (503, '{"visits": 7}'),
        (302, '{"visits": 7}'),
    ],
)
def test_no_number_on_a_wrong_answer(
    page: Page, scripted_api: ScriptedApi, scripted_url: str, status: int, body: str
) -> None:
    scripted_api.status, scripted_api.body = status, body
    with journey.no_console_errors(page, ignore=BROWSER_OWN):
        with page.expect_event("requestfinished", lambda request: request.url.endswith("/api/visits")):
            page.goto(scripted_url)
        page.wait_for_timeout(SETTLE_MS)
    shows_no_number(page)


def test_no_number_when_the_connection_breaks(
    page: Page, scripted_api: ScriptedApi, scripted_url: str
) -> None:
    scripted_api.hang_up = True
    with journey.no_console_errors(page, ignore=BROWSER_OWN), page.expect_event("requestfailed") as failed:
        page.goto(scripted_url)
    assert failed.value.url.endswith("/api/visits")
    shows_no_number(page)


def test_no_number_that_comes_too_late(page: Page, scripted_api: ScriptedApi, scripted_url: str) -> None:
    scripted_api.go.clear()
    with journey.no_console_errors(page, ignore=BROWSER_OWN):
        page.goto(scripted_url)
        # The page is complete and usable while its request hangs.
        assert page.evaluate("document.readyState") == "complete"
        page.wait_for_timeout(PAST_TIME_LIMIT_MS)
        scripted_api.go.set()
        assert scripted_api.answered.wait(timeout=5)
        page.wait_for_timeout(SETTLE_MS)
    shows_no_number(page)


def test_slow_number_is_shown_inside_the_time_limit(
    page: Page, scripted_api: ScriptedApi, scripted_url: str
) -> None:
    scripted_api.go.clear()
    timer = threading.Timer(0.7, scripted_api.go.set)
    timer.start()
    page.goto(scripted_url)
    shows_no_number(page)
    assert journey.shown_visit(page) == 1
    timer.join()


def test_ordinals(page: Page, scripted_api: ScriptedApi, scripted_url: str) -> None:
    expected = {
        1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 22: "22nd",
        23: "23rd", 30: "30th", 101: "101st", 111: "111th", 112: "112th", 9007199254740991: "9007199254740991st",
    }  # fmt: skip
    shown = {}
    for number in expected:
        scripted_api.body = json.dumps({"visits": number})
        page.goto(scripted_url)
        journey.shown_visit(page)
        shown[number] = page.locator("[data-visit-number]").inner_text()
    assert shown == expected


def test_asks_the_counter_once_by_post_on_the_same_origin(
    page: Page, scripted_api: ScriptedApi, scripted_url: str
) -> None:
    page.goto(scripted_url)
    journey.shown_visit(page)
    page.wait_for_timeout(SETTLE_MS)
    assert scripted_api.requests == ["POST /api/visits"]
