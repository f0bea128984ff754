"""What `counter_load` compares: `python -m tests.bench.counter_servers <name>`, with HOST, PORT and REDIS_*.

All but ours and the seed's differ in one thing only: the server, or how a visit is counted. They have no log of
requests, which ours has.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import redis
from flask import Flask, render_template_string
from redis.backoff import NoBackoff
from redis.retry import Retry

from visitor_counter import server
from visitor_counter.config import Config
from visitor_counter.counter import counters
from visitor_counter.redis_link import connect

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PROCESSES = 2


def seed(config: Config) -> None:
    """The seed's application: Flask's development server, one INCR for each request."""
    app = Flask("seed")
    client = redis.Redis(host=config.redis_host, port=config.redis_port)

    @app.get("/")
    def page() -> str:
        try:
            visits = client.incr("visits")
        except Exception as error:
            return f"Redis error: {error}"
        return render_template_string("<h1>Visitor {{ visits }}</h1>", visits=visits)

    app.run(host=config.host, port=config.port)


def one_incr(config: Config) -> "WSGIApplication":
    """A visit is one INCR; no more in it than that."""
    app = Flask("one_incr")
    client = redis.Redis(
        host=config.redis_host,
        port=config.redis_port,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
        driver_info=None,
    )

    @app.post("/api/visits")
    def visit() -> dict[str, Any]:
        return {"visits": client.incr("visits")}

    return app


def coalesced(config: Config) -> "WSGIApplication":
    """The same view as `one_incr`, counted as ours does."""
    app = Flask("coalesced")
    counts = counters(config, connect(config))

    @app.post("/api/visits")
    def visit() -> dict[str, Any]:
        return {"visits": counts.count()}

    return app


def empty(_: Config) -> "WSGIApplication":
    """A view that counts nothing."""
    app = Flask("empty")

    @app.post("/api/visits")
    def visit() -> dict[str, Any]:
        return {"visits": 1}

    return app


def _on_granian(config: Config, application: Any) -> None:
    running = server.Server(config, server.listen(config))
    running.serve(target_loader=partial(application, config), wrap_loader=False)


def _on_gunicorn(config: Config, application: Any) -> None:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # it ships no types

    class Gunicorn(BaseApplication):  # type: ignore[misc]  # its base has no types
        def load_config(self) -> None:
            settings = {
                "bind": f"{config.host}:{config.port}",
                "worker_class": "gthread",
                "workers": config.web_concurrency,
                "threads": config.web_threads,
                "keepalive": server.KEEP_ALIVE_SECONDS,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> "WSGIApplication":
            served: WSGIApplication = application(config)
            return served

    Gunicorn().run()


def _ours(config: Config) -> None:
    server.serve(config, server.listen(config))


SERVERS: dict[str, Callable[[Config], None]] = {
    "seed": seed,
    "gunicorn, one INCR": partial(_on_gunicorn, application=one_incr),
    "granian, one INCR": partial(_on_granian, application=one_incr),
    "granian, coalesced": partial(_on_granian, application=coalesced),
    "granian, empty view": partial(_on_granian, application=empty),
    "ours": _ours,
    "ours, one replica waited for": _ours,
    "ours, the page": _ours,
}

if __name__ == "__main__":
    config = Config.from_environment()
    for variable in ("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"):
        os.environ.pop(variable, None)  # gunicorn reads them by itself
    SERVERS[sys.argv[1]](config)
