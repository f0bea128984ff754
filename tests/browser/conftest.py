"""The site, served to a real browser with the real counter on a real Redis."""

from collections.abc import Iterator

import pytest

from local.redis_server import RedisServer
from tests.browser import site_server
from visitor_counter.app import create_app
from visitor_counter.config import Config


@pytest.fixture(scope="session")
def site_url(redis_server: RedisServer) -> Iterator[str]:
    """The site with the real counter behind /api/*."""
    counter = create_app(Config(redis_host="127.0.0.1", redis_port=redis_server.port))
    with site_server.serve(counter.wsgi_app) as url:
        yield url


@pytest.fixture(scope="session")
def pages_only_url() -> Iterator[str]:
    """The site on a host that has no counter."""
    with site_server.serve() as url:
        yield url
