"""The application: its routes, and what each of them answers."""

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, jsonify, make_response, render_template, request

from visitor_counter import badge, errors, headers
from visitor_counter.api import VisitsApi
from visitor_counter.config import Config
from visitor_counter.counter import NAME, counters
from visitor_counter.metrics import Metrics
from visitor_counter.ordinals import ordinal
from visitor_counter.prefetch import is_prefetch
from visitor_counter.redis_link import connect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OPENAPI = Path(__file__).with_name("openapi.json")
# Prometheus, "Exposition formats"
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def create_app(config: Config, metrics: Metrics | None = None) -> Flask:
    """Build the WSGI application. Opens no connection: it starts, and stays alive, without Redis.

    Routes:
        GET /                     counts the visit and shows its number
        GET /c/<name>             the same, on a counter of its own
        GET /badge.svg            the count as an image, without counting; also /c/<name>/badge.svg
        /api/visits, …/<name>     see visitor_counter/api.py
        GET /openapi.json         describes /api/visits, and these (OpenAPI 3.1)
        GET /metrics              Prometheus metrics of `metrics`, for who asks without a load balancer
        GET /healthz              liveness: touches nothing
        GET /readyz               readiness: writes to Redis and reads it back; 503 if that fails
    """
    app = Flask(__name__, static_folder=None)
    counts = counters(config, connect(config))
    measured = metrics or Metrics()
    openapi = _OPENAPI.read_bytes()
    errors.register(app)
    # Its routes are below Flask, and what every answer carries is below both.
    app.wsgi_app = _Routes(app.wsgi_app, VisitsApi(counts, config.cors_allow_origins))  # type: ignore[method-assign]
    headers.register(app)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        # compiled before the first visitor comes, and not in his time
        app.jinja_env.get_template(name)

    @app.get("/", defaults={"name": None})
    @app.get("/c/<name>")
    def page(name: str | None) -> Response:
        _check(name)
        if request.method == "HEAD":
            response = make_response()
            # Not 0: it would be the page's length (RFC 9110 section 8.6), which is unknown without counting.
            response.automatically_set_content_length = False
            return response
        if is_prefetch(request.environ):
            abort(HTTPStatus.FORBIDDEN)
        return make_response(
            render_template("visitor.html", name=name, ordinal=ordinal(counts.count(name)), path=request.path)
        )

    @app.get("/badge.svg", defaults={"name": None})
    @app.get("/c/<name>/badge.svg")
    def show_badge(name: str | None) -> Response:
        _check(name)
        return badge.response(counts.read(name))

    @app.get("/openapi.json")
    def describe() -> Response:
        return Response(openapi, mimetype="application/json")

    @app.get("/metrics")
    def expose() -> Response:
        # The load balancer refuses the path, but not every way to write it.
        if "X-Forwarded-For" in request.headers:
            abort(HTTPStatus.NOT_FOUND)
        return Response(measured.text(), content_type=_METRICS_TYPE)

    @app.get("/healthz")
    def liveness() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readiness() -> Response:
        counts.check()
        return jsonify(status="ok")

    return app


def _check(name: str | None) -> None:
    if name is not None and not NAME.fullmatch(name):
        abort(HTTPStatus.NOT_FOUND)


class _Routes:
    """WSGI middleware: what is for `api` goes there, the rest to `pages`."""

    def __init__(self, pages: "WSGIApplication", api: VisitsApi) -> None:
        self._pages, self._api = pages, api

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if VisitsApi.takes(environ["PATH_INFO"]):
            return self._api(environ, start_response)
        return self._pages(environ, start_response)
