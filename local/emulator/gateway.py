"""The gateway in front of ministack: status pages, website endpoints, and viewers' requests by host name."""

import asyncio
import json
import re
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from local.emulator import foreign_pages, internals, region_switch, s3_website
from local.emulator.internals import Application, Headers, Receive, Response, Scope, Send
from local.emulator.status import Status

_LOAD_BALANCER_REGION = re.compile(r"\.([a-z0-9-]+)\.elb\.amazonaws\.com(?::\d+)?$")


def _header_fields(scope: Scope) -> dict[str, str]:
    """The request's fields in lower case; a repeated field is one comma-joined value (RFC 9110, 5.3)."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        separator = "; " if name == "cookie" else ", "
        fields[name] = f"{fields[name]}{separator}{value}" if name in fields else value
    return fields


class Gateway:
    """An ASGI application around ministack's.

    Requests to a CloudFront, load balancer or website host name are handled here and by those services alone:
    ministack would answer some of their paths itself first (such as /health, /v2/email and /iceberg).
    """

    def __init__(self, application: Application, status: Status, *, at_shutdown: Callable[[], None]) -> None:
        """`application` is ministack's; `at_shutdown` is called when no request is served any more."""
        self._application = application
        self._status = status
        self._at_shutdown = at_shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = _header_fields(scope)
        host = headers.get("host", "")
        path = scope["path"]
        bucket = s3_website.bucket_of(host)
        if bucket is not None:
            raw_path = _raw_path(scope)
            response = s3_website.answer(bucket, scope["method"], raw_path, headers)
            await self._send(scope, receive, send, response)
            return
        if internals.get("app", "_parse_cloudfront_dataplane_host")(host) is not None:
            await self._viewer(scope, receive, send, headers, distribution=True)
            return
        if not path.startswith("/_alb/") and internals.get("app", "_is_potential_alb_request")(host, path):
            await self._viewer(scope, receive, send, headers, distribution=False)
            return
        reason = foreign_pages.refusal(headers)
        if reason is not None:
            refused = 403, {"content-type": "text/plain"}, f"refused: {reason}\n".encode()
            await self._send(scope, receive, send, refused)
        elif path.startswith("/_local/"):
            await self._send(scope, receive, send, self._local(scope["method"], path))
        elif region_switch.is_asked(headers):
            body = await internals.get("app", "_read_request_body")(receive, scope["method"], headers)
            await self._send(scope, receive, send, region_switch.answer(headers, body))
        else:
            await self._application(scope, receive, send)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let ministack start; end it ourselves: its own way imports and stops services that are not in use."""
        ended = asyncio.Event()

        async def receive_start() -> MutableMapping[str, Any]:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                ended.set()
                await asyncio.Event().wait()
            return message

        application = asyncio.ensure_future(self._application(scope, receive_start, send))
        end = asyncio.ensure_future(ended.wait())
        await asyncio.wait((application, end), return_when=asyncio.FIRST_COMPLETED)
        application.cancel()
        if ended.is_set():
            self._at_shutdown()
            await send({"type": "lifespan.shutdown.complete"})

    def _local(self, method: str, path: str) -> Response:
        pages = {
            "/_local/health": self._status.health,
            "/_local/types": self._status.types,
            "/_local/recorded": self._status.recorded,
        }
        page: Any = pages.get(path)
        if page is None:
            content: Any = {"message": f"no such page; there are {', '.join(pages)}"}
            return 404, {"content-type": "application/json"}, json.dumps(content).encode()
        if method not in ("GET", "HEAD"):
            return 405, {"allow": "GET, HEAD"}, b""
        return 200, {"content-type": "application/json"}, json.dumps(page(), indent=1, default=str).encode()

    async def _viewer(
        self, scope: Scope, receive: Receive, send: Send, headers: Headers, *, distribution: bool
    ) -> None:
        method, path = scope["method"], scope["path"]
        client_ip = (scope.get("client") or ("127.0.0.1",))[0]
        internals.get("core.responses", "set_request_account_id")("")
        region = _LOAD_BALANCER_REGION.search(headers["host"])
        internals.get("core.responses", "set_request_region")(region[1] if region else None)
        internals.get("core.responses", "set_request_client_ip")(client_ip)
        query = scope.get("query_string", b"").decode("latin-1")
        parameters = parse_qs(query, keep_blank_values=True)
        body = await internals.get("app", "_read_request_body")(receive, method, headers)
        host, raw_path = headers["host"], _raw_path(scope)
        response: Response | None
        if distribution:
            # The browser's TLS ends in front of this plain-http gateway, as it were: localhost is a secure
            # context to browsers, and without this every page would redirect to https.
            headers = {**headers, "x-forwarded-proto": "https"}
            response = await internals.get("app", "_handle_cloudfront_dataplane_request")(
                host, path, raw_path, query, method, headers, body, parameters, client_ip
            )
            missing = (404, "no distribution has this domain name")
        else:
            response = await internals.get("app", "_handle_alb_request")(
                host, path, method, headers, body, parameters, query, raw_path
            )
            missing = (404, "no load balancer has this DNS name")
        if response is None:
            status, reason = missing
            response = status, {"content-type": "text/plain"}, f"{host}: {reason}\n".encode()
        await self._send(scope, receive, send, response)

    async def _send(self, scope: Scope, receive: Receive, send: Send, response: Response) -> None:
        status, headers, body = response
        send = internals.get("app", "_with_date_header")(send)
        if isinstance(body, internals.get("core.responses", "StreamingResponse")):
            await internals.get("app", "_send_streaming_response")(send, receive, status, headers, body)
            return
        await internals.get("app", "_send_response")(
            send, status, headers, body, head=scope["method"] == "HEAD"
        )


def _raw_path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    return raw.decode("latin-1") if raw else str(scope["path"])
