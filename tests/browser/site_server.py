"""Serves site/ and an API on one address, as the distribution does: over real HTTP, with a strict policy."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SITE = Path(__file__).parents[2] / "site"

# Stricter than the distribution's own policy has to be: whatever passes here passes there.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


def no_api(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """A host with pages only: /api/* is a page that does not exist."""
    return _page(environ, "404.html", 404)(environ, start_response)


def _page(environ: "WSGIEnvironment", name: str, status: int) -> Response:
    response = send_file(SITE / name, environ, mimetype="text/html")
    response.status_code = status
    return response


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def serve(api: "WSGIApplication" = no_api) -> Iterator[str]:
    """Serve the site, with `api` behind /api/*, while the block runs; gives its address without a slash."""

    def page_or_404(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = Request(environ).path
        if path == "/":
            return _page(environ, "index.html", 200)(environ, start_response)
        if (SITE / f"{path[1:]}.html") in SITE.glob("*.html"):
            return _page(environ, f"{path[1:]}.html", 200)(environ, start_response)
        return _page(environ, "404.html", 404)(environ, start_response)

    # The cache is off, so that an edited file shows up in the next request.
    files = SharedDataMiddleware(page_or_404, {"/": str(SITE)}, cache=False)

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if Request(environ).path.startswith("/api/"):
            return api(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> object:
            return start_response(status, [*headers, ("Content-Security-Policy", CONTENT_SECURITY_POLICY)])

        return files(environ, start)  # type: ignore[arg-type] # exc_info is never given by these two

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
