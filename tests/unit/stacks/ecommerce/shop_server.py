"""A shop as small as can be, with the pages that the canary visits, and one that is wrong if asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

PRODUCT = "d4edfedb-dbe9-4dd9-aae8-009489394955"


@contextmanager
def shop(*, broken: str = "", forgets: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The URL of a shop on this machine, and the requests that it has had. `broken`: a path that answers 500.
    `forgets`: it takes things into the cart, and then has them no more."""
    asked: list[str] = []
    carts: dict[str, set[str]] = {}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"GET {self.path}")
            if self.path == "/catalog":
                self._answer(f'<a href="/catalog/{PRODUCT}">a watch</a>')
            elif self.path == "/cart":
                self._answer(" ".join(carts.get(self.headers.get("Cookie", ""), set())))
            else:
                self._answer(self.path)

        def do_POST(self) -> None:
            asked.append(f"POST {self.path}")
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            cart = carts.setdefault(self.headers.get("Cookie", ""), set())
            if self.path == "/cart" and not forgets:
                cart.add(form["productId"][0])
            if self.path == "/cart/remove":
                cart.discard(form["productId"][0])
            self._answer("", status=302, Location="/cart")

        def _answer(self, body: str, status: int = 200, **headers: str) -> None:
            self.send_response(500 if self.path == broken else status)
            self.send_header("Set-Cookie", "SESSIONID=one")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
