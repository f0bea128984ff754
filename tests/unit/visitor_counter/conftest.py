"""The application on the run's Redis, asked in this process."""

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from local.redis_server import HOST, RedisServer
from visitor_counter.app import create_app
from visitor_counter.config import Config


@pytest.fixture
def app(redis_server: RedisServer, redis_client: redis.Redis) -> Flask:
    """The application, with no visit counted yet."""
    return create_app(Config(redis_host=HOST, redis_port=redis_server.port))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of `app`."""
    return app.test_client()
