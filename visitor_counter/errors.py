"""What a client is told when something went wrong: friendly, and nothing about the inside."""

from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from visitor_counter import badge
from visitor_counter.counter import CounterUnavailableError, NoRoomError

# Seconds. Long enough that browsers and scripts do not hammer, short enough that a failover (ElastiCache:
# usually well under a minute) is not sat out twice.
RETRY_AFTER_SECONDS = 5

_PAGES = {
    HTTPStatus.FORBIDDEN: (
        "Not counted yet",
        "This was a prefetch. The visit counts when the page is opened.",
    ),
    HTTPStatus.NOT_FOUND: ("Nothing here", "This address has no page. The counter is one step away."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("Not like this", "This address does not take that kind of request."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The counter is taking a short break",
        "Your visit could not be counted just now. Please try again in a few seconds.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("That was our fault", "Something went wrong here. Please try again."),
}
_BAD_REQUEST = ("That did not work", "The request could not be understood.")


def text_of(status: HTTPStatus) -> str:
    """One or two sentences for who asked."""
    return _PAGES.get(status, _BAD_REQUEST)[1]


def register(app: Flask) -> None:
    """Answer every error of `app`: a badge as a badge, a health check as JSON, the others as a page."""

    @app.errorhandler(CounterUnavailableError)
    def unavailable(_: CounterUnavailableError) -> Response:
        response = _answer(HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    @app.errorhandler(NoRoomError)
    def no_room(_: NoRoomError) -> Response:
        return _answer(HTTPStatus.NOT_FOUND)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        # Flask has logged an unexpected exception, with its traceback, before it comes here as a 500.
        response = _answer(HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR))
        for name, value in error.get_headers():
            if name == "Allow":  # RFC 9110 section 15.5.6: a 405 must name the allowed methods
                response.headers[name] = value
        return response


def _answer(status: HTTPStatus) -> Response:
    title, text = _PAGES.get(status, _BAD_REQUEST)
    if request.path.endswith("/badge.svg"):
        response = badge.response(None)  # browsers show an image of any status
    elif request.path.startswith("/api/") or request.path in ("/healthz", "/readyz"):
        response = jsonify(error=text)
    else:
        response = make_response(render_template("error.html", status=status.value, title=title, text=text))
    response.status_code = status
    return response
