"""What a visitor does and expects, as functions of a page and the site's address, wherever it is served.

Each raises AssertionError with what the visitor saw. `url` is the address of the home page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route, expect

# How long a number may take to appear: longer than the page itself waits for it. Milliseconds.
NUMBER_PATIENCE_MS = 5_000

NUMBER = re.compile(r"You.re the\s+\d+(st|nd|rd|th)\s+visitor")


@contextmanager
def no_console_errors(page: Page, ignore: str = r"(?!)") -> Iterator[None]:
    """Nothing is logged as a warning or an error, and no exception escapes, while the block runs.

    That covers content that a security policy blocked, and missing files. Messages that match `ignore` pass.
    """
    seen: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.append(message.text)

    def on_exception(error: Error) -> None:
        seen.append(f"exception: {error.message}")

    page.on("console", on_console)
    page.on("pageerror", on_exception)
    try:
        yield
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_exception)
    unexpected = [text for text in seen if not re.match(ignore, text)]
    assert not unexpected, f"the console says: {unexpected}"


@contextmanager
def no_foreign_requests(page: Page, url: str) -> Iterator[None]:
    """The page asks no other origin than its own while the block runs; such a request is not let out."""
    own = urlsplit(url)[:2]
    foreign: list[str] = []

    def check(route: Route) -> None:
        if urlsplit(route.request.url)[:2] == own:
            route.fallback()
        else:
            foreign.append(route.request.url)
            route.abort()

    page.route("**/*", check)
    try:
        yield
    finally:
        page.unroute("**/*", check)
    assert not foreign, f"asked for {foreign}"


def is_styled(page: Page) -> None:
    """The open page has its style sheet, and it is in force."""
    board = page.locator("header").evaluate("element => getComputedStyle(element).backgroundColor")
    assert board in ("rgb(21, 23, 26)", "rgb(0, 0, 0)"), f"the sign board is {board}, not black"
    assert not page.get_by_role("link", name="Skip to the content").evaluate(
        "element => element.getBoundingClientRect().bottom > 0"
    ), "the skip link is in sight without focus"


def no_horizontal_scroll(page: Page, width: int) -> None:
    """The open page fits a window that is `width` CSS pixels wide."""
    page.set_viewport_size({"width": width, "height": 800})
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= width, f"{page.url} is {needed} px wide in a window of {width} px"


def shown_visit(page: Page) -> int:
    """The number that the open page shows, once it is there."""
    ticket = page.get_by_text(NUMBER)
    expect(ticket).to_be_visible(timeout=NUMBER_PATIENCE_MS)
    number = re.search(r"\d+", ticket.inner_text())
    assert number, ticket.inner_text()
    return int(number.group())


def count_goes_up_by_one_per_reload(page: Page, url: str, reloads: int = 3) -> int:
    """Open the home page, then reload it; gives the last number. Nobody else may visit meanwhile."""
    page.goto(url)
    number = shown_visit(page)
    for _ in range(reloads):
        page.reload()
        following = shown_visit(page)
        assert following == number + 1, f"{following} came after {number}"
        number = following
    return number


def follow_every_link(page: Page, url: str) -> set[str]:
    """Follow, by keyboard, each page's links, from `url` to all that can be reached; gives the pages' paths.

    Links of one page to the same address are followed once. Every page must answer with 200, be styled and
    have a heading; a link to a part of a page must reach it.
    """
    start = urljoin(url, "/")
    waiting, visited = [start], set[str]()
    while waiting:
        address = waiting.pop()
        if address in visited:
            continue
        visited.add(address)
        page.goto(address)
        links = page.get_by_role("link")
        for href in links.evaluate_all("links => [...new Set(links.map(link => link.getAttribute('href')))]"):
            target = _follow(page, address, href)
            if target.startswith(start):
                waiting.append(target)
    return {urlsplit(address).path for address in visited}


def _follow(page: Page, address: str, href: str) -> str:
    """Follow the first link to `href` of the page at `address`; gives the page's address that it led to."""
    if page.url != address:
        page.goto(address)
    link = page.locator(f"a[href='{href}']").first
    name = link.inner_text()
    target, part = urldefrag(urljoin(address, href))
    link.focus()
    if part and target == address:
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}#{part}")
        expect(page.locator(f"[id='{part}']")).to_be_in_viewport()
    else:
        with page.expect_navigation() as navigation:
            page.keyboard.press("Enter")
        response = navigation.value
        assert response, f"{name!r} on {address} led nowhere"
        assert response.status == 200, f"{name!r} on {address} led to {response.url}: {response.status}"
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        is_styled(page)
    return target


def missing_page_is_helpful(page: Page, url: str) -> None:
    """An address that does not exist, deep down, answers 404 with a styled page that leads home."""
    response = page.goto(urljoin(url, "/no/such/page"))
    assert response
    assert response.status == 404
    is_styled(page)
    expect(page.get_by_role("heading", level=1, name="No stop here.")).to_be_visible()
    page.get_by_role("link", name="Back to the start").click()
    expect(page).to_have_url(urljoin(url, "/"))


def works_without_javascript(browser: Browser, url: str) -> None:
    """Without JavaScript all pages can be reached and read; only the number is not there."""
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("figure")).to_be_visible()
        expect(page.locator("[data-visit-ticket]")).to_be_hidden()
        navigation = page.get_by_role("navigation")
        for name in ("About", "Contact", "Home"):
            navigation.get_by_role("link", name=name).click()
            expect(navigation.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
    finally:
        context.close()
