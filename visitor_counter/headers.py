"""Headers that every answer carries: no caching, and what a browser may do with the page."""

import base64
import hashlib
from pathlib import Path

from flask import Flask, Response, request

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
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

    @app.context_processor
    def style_sheet() -> dict[str, str]:
        return {"style": style}

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(fixed)
        # Only over HTTPS: RFC 6797 section 7.2 forbids it in an answer over plain HTTP.
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
