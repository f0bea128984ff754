"""The Flask application: its routes, and what each of them answers."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import Forbidden

from visitor_counter import errors, headers
from visitor_counter.config import Config
from visitor_counter.counter import connect
from visitor_counter.ordinals import ordinal


def create_app(config: Config) -> Flask:
    """Build the WSGI application. Opens no connection: it starts, and stays alive, without Redis.

    Routes:
        GET /             counts the visit and shows its number
        POST /api/visits  counts the visit, answers {"visits": N}
        GET /api/visits   answers {"visits": N} without counting
        GET /healthz      liveness: touches nothing
        GET /readyz       readiness: writes to Redis and reads it back; 503 if that fails
    """
    app = Flask(__name__, static_folder=None)
    counter = connect(config)
    headers.register(app)
    errors.register(app)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(
            name
        )  # compiled before the workers are forked, not in the first visitor's time

    def count() -> int:
        if _is_prefetch():
            raise Forbidden
        return counter.count()

    @app.get("/")
    def page() -> Response:
        if request.method == "HEAD":
            response = make_response()
            # Not 0: it would be the page's length (RFC 9110 section 8.6), which is unknown without counting.
            response.automatically_set_content_length = False
            return response
        return make_response(render_template("visitor.html", ordinal=ordinal(count())))

    @app.post("/api/visits")
    def count_visit() -> Response:
        return jsonify(visits=count())

    @app.get("/api/visits")
    def read_visits() -> Response:
        return jsonify(visits=counter.read())

    @app.get("/healthz")
    def liveness() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readiness() -> Response:
        counter.check()
        return jsonify(status="ok")

    return app


def _is_prefetch() -> bool:
    """Whether a browser asks ahead of a visit that may never happen.

    It drops a prefetched answer outside 2xx and asks again when the visitor really comes, whereas a page
    without a number would be shown as it is. The refusal is a 403, and not the 503 that some services send:
    a prefetch must not look like this service's fault in the load balancer's metrics.
    """
    # Sec-Purpose is the standard (HTML Standard, "Prefetch"); the others are what browsers sent before it.
    names = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
    environ = request.environ
    return any(environ[name].split(";")[0].strip().lower() == "prefetch" for name in names if name in environ)
