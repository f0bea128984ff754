"""The part of GitHub's REST API that `gh` is asked for below, as a proxy: gh itself is the real one."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

BOT: Final = "github-actions[bot]"


@dataclass
class Comments:
    """The comments of pull request 7 of octo/shop, in order; `page` is how many an answer has."""

    page: int = 2
    proxy: str = ""
    refuse: bool = False
    all: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def add(self, author: str, body: str) -> dict[str, Any]:
        """A new one, by `author`."""
        comment = {"id": 100 + len(self.all), "user": {"login": author}, "body": body}
        self.all.append(comment)
        return comment

    def answer(self, method: str, url: str, sent: str) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of one request."""
        place = urlsplit(url)
        self.asked.append(f"{method} {place.path}")
        if self.refuse:
            return 403, {"message": "Resource not accessible by integration"}, {}
        if place.path == "/repos/octo/shop/issues/7/comments":
            if method == "POST":
                return 201, self.add(BOT, json.loads(sent)["body"]), {}
            number = int(parse_qs(place.query).get("page", ["1"])[0])
            shown = self.all[(number - 1) * self.page : number * self.page]
            more = number * self.page < len(self.all)
            link = f'<http://{place.netloc}{place.path}?page={number + 1}>; rel="next"'
            return 200, shown, {"Link": link} if more else {}
        if method == "PATCH" and (
            found := re.fullmatch(r"/repos/octo/shop/issues/comments/(\d+)", place.path)
        ):
            (comment,) = (each for each in self.all if each["id"] == int(found[1]))
            comment["body"] = json.loads(sent)["body"]
            return 200, comment, {}
        return 404, {"message": "Not Found"}, {}


@contextmanager
def serving() -> Iterator[Comments]:
    """Answer on a free port of 127.0.0.1 while the block runs."""
    comments = Comments()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, body, headers = comments.answer(self.command, self.path, sent)
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(data)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    comments.proxy = f"http://127.0.0.1:{server.server_port}"
    try:
        yield comments
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
