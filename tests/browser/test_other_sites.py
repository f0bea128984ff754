"""What a page of another site gets of the counter, in a real browser: the badge always, numbers if it may."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Page

from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, counter_process

_READ = (
    "url => fetch(url, {method: 'POST'}).then(answer => answer.json()).then(json => json.visits, () => null)"
)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[str]:
    """The origin of a site that has nothing to do with the counter."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><link rel=icon href=data:,><title>Other</title>")
    handler = functools.partial(_QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer((HOST, 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_badge_is_shown_and_not_counted(
    page: Page, other_site: str, redis_server: RedisServer, redis_client: redis.Redis,
    free_port: Callable[[], int], tmp_path: Path,
) -> None:  # fmt: skip
    redis_client.set("visits", 1234)
    with counter_process(tmp_path / "counter", free_port(), redis_server.port, **PATIENT) as counter:
        page.goto(other_site)
        width = page.evaluate(
            "url => { const image = new Image(); image.src = url; return image.decode().then(() => image.width) }",
            f"http://{HOST}:{counter.port}/badge.svg",
        )
    assert width > 80
    assert redis_client.get("visits") == "1234"


def test_numbers_are_for_those_who_may_read_them(
    page: Page, other_site: str, redis_server: RedisServer, redis_client: redis.Redis,
    free_port: Callable[[], int], tmp_path: Path,
) -> None:  # fmt: skip
    redis_client.delete("visits")
    page.goto(other_site)
    for allowed, expected in ((other_site, 1), ("", None), ("https://example.org", None)):
        folder = tmp_path / f"counter {expected} {len(allowed)}"
        with counter_process(
            folder, free_port(), redis_server.port, CORS_ALLOW_ORIGINS=allowed, **PATIENT
        ) as counter:
            assert page.evaluate(_READ, f"http://{HOST}:{counter.port}/api/visits") == expected
