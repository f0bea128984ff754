"""The ASGI application: one answer for each request, as the edge would give it."""

import asyncio
import gzip
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from local.serve import reload
from local.serve.conditions import accepts_gzip, has_already
from local.serve.hosts import is_own
from local.serve.reload import Versions
from local.serve.snapshot import Snapshot
from stacks.site_hosting.rules.answers import MISSING_KEPT, Found, Moved, with_query
from stacks.site_hosting.rules.compression import MAX_BYTES, MIN_BYTES, is_compressible
from stacks.site_hosting.rules.content import is_page
from stacks.site_hosting.rules.not_found_page import PAGE
from stacks.site_hosting.rules.urls import NOT_FOUND

_POLICY: Final = "content-security-policy"
_HTML: Final = "text/html"
_ALLOWED: Final = ("GET", "HEAD")
_API: Final = "/api/"
_NO_API: Final = "There is no API behind `make serve`; `make up` has the visitor counter's.\n"
# HTML, "Determining the character encoding": text that is not ASCII-compatible, which takes no script as bytes
_UTF16: Final = (b"\xfe\xff", b"\xff\xfe")


class Application:
    """Serves `snapshot`, which may be replaced at any time.

    `versions`: pages get a script that reloads them; None: every byte and field is as at the edge.
    `log`: is called with a line for each request.
    """

    def __init__(
        self, snapshot: Snapshot, versions: Versions | None, log: Callable[[str], None] | None = None
    ) -> None:
        self.snapshot = snapshot
        self._versions = versions
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            response = await self._response(request)
            if self._log:
                send = _logged(request, send, self._log)
            await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        host = request.headers.get("host", "")
        if not is_own(host):
            return PlainTextResponse(f"The host name {host!a} does not mean this machine.\n", 403)
        path = _path(request.scope)
        if self._versions and path == reload.SCRIPT_PATH:
            return Response(
                reload.SCRIPT, headers={"cache-control": "no-store"}, media_type="text/javascript"
            )
        if self._versions and path == reload.EVENTS_PATH:
            return StreamingResponse(
                self._versions.events(), headers={"cache-control": "no-store"}, media_type="text/event-stream"
            )
        found = self.snapshot.answer(path)
        if path.startswith(_API) and (found is None or self.snapshot.settings.visitor_count):
            return PlainTextResponse(_NO_API, 404, headers={"cache-control": "no-store"})
        if request.method not in _ALLOWED:
            header = self.snapshot.settings.security_headers.fields() | {"allow": ", ".join(_ALLOWED)}
            return PlainTextResponse("Method Not Allowed\n", 405, headers=header)
        if isinstance(found, Moved):
            return self._redirect(request, found)
        if found:
            answered = await self._file(request, found)
            if answered:
                return answered
        return await self._not_found(request)

    def _redirect(self, request: Request, moved: Moved) -> Response:
        if moved.file:
            header = self.snapshot.header(moved.file)
        else:
            header = self.snapshot.settings.security_headers.fields() | {"cache-control": moved.cache_control}
        if self._versions:
            header["cache-control"] = "no-cache"
        header["location"] = with_query(moved.target, request.scope["query_string"].decode("latin-1"))
        return Response(status_code=moved.status, headers=header)

    async def _file(self, request: Request, found: Found) -> Response | None:
        """None if it has gone since the snapshot."""
        path = self.snapshot.path(found.file)
        try:
            stat = await asyncio.to_thread(path.stat)
            page = await asyncio.to_thread(path.read_bytes) if is_page(found.file) else b""
        except OSError:
            return None
        if not S_ISREG(stat.st_mode):
            return None
        header = self.snapshot.header(found.file, page)
        header["etag"] = self._entity_tag(stat)
        kind = header["content-type"]
        if self._reloads(kind, page):
            return await self._in_one(request, 200, header, page)
        if self._versions:
            header["cache-control"] = "no-cache"
        is_small = is_compressible(kind) and MIN_BYTES <= stat.st_size <= MAX_BYTES
        if is_small and "range" not in request.headers:
            return await self._in_one(request, 200, header, page or await _read(path))
        if is_small:
            header["vary"] = "Accept-Encoding"
        if has_already(request.headers.get("if-none-match", ""), header["etag"]):
            return _not_modified(header)
        return FileResponse(path, headers=header, stat_result=stat)

    async def _not_found(self, request: Request) -> Response:
        rules = self.snapshot.rules
        page = PAGE
        if NOT_FOUND in rules.files:
            page = await _read(self.snapshot.path(NOT_FOUND)) or PAGE
        header = self.snapshot.header(NOT_FOUND, page) | {"cache-control": MISSING_KEPT}
        return await self._in_one(request, 404, header, page)

    async def _in_one(
        self, request: Request, status: int, header: Mapping[str, str], content: bytes
    ) -> Response:
        """The answer with its content in memory: compressed, with the script if it is a page."""
        header = dict(header)
        if self._versions and self._reloads(header["content-type"], content):
            content = reload.with_script(content, self._versions.current)
            header["cache-control"] = "no-cache"
            if _POLICY in header:
                header[_POLICY] = reload.allowing_script(header[_POLICY])
        if is_compressible(header["content-type"]) and MIN_BYTES <= len(content) <= MAX_BYTES:
            header["vary"] = "Accept-Encoding"
            if accepts_gzip(request.headers.get("accept-encoding", "")):
                header["content-encoding"] = "gzip"
                content = await asyncio.to_thread(gzip.compress, content, 6, mtime=0)
                if "etag" in header:  # the bytes differ: the tag stays comparable, but no longer strongly
                    header["etag"] = f"W/{header['etag']}"
        tag = header.get("etag")
        if tag and has_already(request.headers.get("if-none-match", ""), tag):
            return _not_modified(header)
        header["content-length"] = str(len(content))
        return Response(b"" if request.method == "HEAD" else content, status, header)

    def _reloads(self, kind: str, content: bytes) -> bool:
        return self._versions is not None and kind.startswith(_HTML) and not content.startswith(_UTF16)

    def _entity_tag(self, stat: os.stat_result) -> str:
        # a page with the script of another version is another page
        version = f"-{self._versions.current}" if self._versions else ""
        return f'"{stat.st_mtime_ns:x}-{stat.st_size:x}{version}"'


def _path(scope: Scope) -> str:
    """The path as it stands in the URL; of a request in absolute form (RFC 9112, 3.2.2) too."""
    raw: str = scope["raw_path"].decode("latin-1")
    return raw if raw.startswith("/") else urlsplit(raw).path or "/"


async def _read(path: Path) -> bytes:
    """Empty if it has gone."""
    try:
        return await asyncio.to_thread(path.read_bytes)
    except OSError:
        return b""


def _not_modified(header: Mapping[str, str]) -> Response:
    kept = {name: value for name, value in header.items() if name not in ("content-type", "content-encoding")}
    return Response(status_code=304, headers=kept)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return


def _logged(request: Request, send: Send, log: Callable[[str], None]) -> Send:
    async def logged(message: Message) -> None:
        if message["type"] == "http.response.start":
            # a request's own bytes are not for a terminal
            log(f"{request.method} {ascii(_path(request.scope))[1:-1]} {message['status']}")
        await send(message)

    return logged
