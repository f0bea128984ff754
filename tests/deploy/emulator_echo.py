"""A target behind a load balancer: a web server that answers what it was asked."""

import http.server
import json
from typing import Any


class EchoHandler(http.server.BaseHTTPRequestHandler):
    """Answers what it was asked, with the status that the path ends in."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {
            "method": self.command,
            "path": self.path,
            "body": body.decode(),
            "host": self.headers["Host"],
        }
        said["forwarded"] = self.headers["X-Forwarded-For"]
        content = json.dumps(said).encode()
        last = self.path.partition("?")[0].rpartition("/")[2]
        self.send_response(int(last) if last.isdigit() else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - http.server's names

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
