"""Headers that every answer carries: no caching, and what a browser may do with the page."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_TEMPLATES = Path(__file__).parent / "templates"


def register(app: Flask) -> None:
    """Add the caching and security headers to every answer of `app`, and the style sheet to its templates."""
    style = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    # The pages are one file each, with the style sheet inside. Its hash lets this style through and no other
    # (CSP Level 3, section 8.4).
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    fixed = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(
            (
                "default-src 'none'",
                f"style-src 'sha256-{digest}'",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "Server": "visitor-counter",  # without one the server adds its own name
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

    @app.context_processor
    def style_sheet() -> dict[str, str]:
        return {"style": style}

    app.wsgi_app = _AddHeaders(app.wsgi_app, list(fixed.items()))  # type: ignore[method-assign]  # Flask's own way


class _AddHeaders:
    """WSGI middleware: below Flask, where ten more headers cost nothing (in werkzeug, a tenth of a visit)."""

    def __init__(self, application: "WSGIApplication", fixed: list[tuple[str, str]]) -> None:
        self._application = application
        policy = "Cross-Origin-Resource-Policy"
        plain = {False: [*fixed, (policy, "same-origin")], True: [*fixed, (policy, "cross-origin")]}
        # Only over HTTPS: RFC 6797 section 7.2 forbids it in an answer over plain HTTP.
        secure = {
            embedded: [*headers, ("Strict-Transport-Security", "max-age=31536000")]
            for embedded, headers in plain.items()
        }
        self._headers = {"http": plain, "https": secure}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # A badge is there for other sites to show.
        more = self._headers[environ["wsgi.url_scheme"]][environ["PATH_INFO"].endswith("/badge.svg")]

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, headers + more, exc_info)

        return self._application(environ, start)
