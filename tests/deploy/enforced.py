"""IAM before the emulator, which has none: what a role's policies do not allow is answered with AccessDenied."""

import http.client
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from tests.unit.stacks.ecommerce.policies import allowed

_SIGNED = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/")
_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
# "No permissions are required", GetCallerIdentity, AWS STS API Reference
_FREE = ("sts:GetCallerIdentity",)


class Call(NamedTuple):
    """What somebody wants to do."""

    action: str
    resource: str


@dataclass
class Enforced:
    """Holds `account`'s own credentials, whose access key is `key`, to `policies` and `boundary`; sessions of roles
    that they assumed pass. `calls` are those that were made, `denied` those that were refused."""

    account: str
    key: str
    policies: Sequence[Mapping[str, Any]]
    boundary: Mapping[str, Any]
    endpoint: str = ""
    calls: list[Call] = field(default_factory=list)
    denied: list[Call] = field(default_factory=list)

    def lets_pass(self, call: Call) -> bool:
        """Whether the role may; remembers it."""
        if call.action in _FREE:
            return True
        self.calls.append(call)
        if allowed(self.policies, self.boundary, call.action, call.resource):
            return True
        self.denied.append(call)
        return False

    @contextmanager
    def before(self, port: int) -> Iterator["Enforced"]:
        """Stand before what listens on `port` of this machine, at `endpoint`."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, port))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def _handler(iam: Enforced, port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self._body()
            signed = _SIGNED.search(self.headers.get("Authorization", ""))
            if signed and signed["key"] == iam.key:
                call = _call(iam.account, signed["service"], signed["region"], self, body)
                if not iam.lets_pass(call):
                    self._answer(403, *_refusal(signed["service"], call))
                    return
            upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            fields = {
                k: v for k, v in self.headers.items() if k.lower() not in ("transfer-encoding", "connection")
            }
            upstream.request(self.command, self.path, body, {**fields, "Content-Length": str(len(body))})
            answer = upstream.getresponse()
            content = answer.read()
            kept = [
                (name, value)
                for name, value in answer.getheaders()
                if name.lower() not in ("transfer-encoding", "content-length", "connection")
            ]
            self._answer(answer.status, content, kept, declared=answer.getheader("Content-Length"))
            upstream.close()

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = do_OPTIONS = _any  # noqa: N815

        def _body(self) -> bytes:
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.send_response_only(100)
                self.end_headers()
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _answer(
            self,
            status: int,
            content: bytes,
            fields: list[tuple[str, str]],
            *,
            declared: str | None = None,
        ) -> None:
            self.send_response_only(status)
            for name, value in fields:
                self.send_header(name, value)
            length = declared if self.command == "HEAD" and declared else str(len(content))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    return Handler


def _call(account: str, service: str, region: str, request: BaseHTTPRequestHandler, body: bytes) -> Call:
    """The action and resource of the requests that are expected; of any other, what no policy names."""
    if target := request.headers.get("X-Amz-Target"):
        action = f"{service}:{target.rpartition('.')[2]}"
        name = json.loads(body).get("Name", "*")
        return Call(action, f"arn:aws:{service}:{region}:{account}:parameter{name}")
    if service == "lambda" and (invoked := _INVOKE.fullmatch(request.path)):
        return Call(
            "lambda:InvokeFunction", f"arn:aws:lambda:{region}:{account}:function:{unquote(invoked[1])}"
        )
    asked = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
    action = f"{service}:{asked.get('Action', f'{request.command} {request.path}')}"
    if service == "sts":
        return Call(action, asked.get("RoleArn", "*"))
    if service == "cloudformation" and (stack := asked.get("StackName")):
        named = stack if stack.startswith("arn:") else f"arn:aws:{service}:{region}:{account}:stack/{stack}/*"
        return Call(action, named)
    return Call(action, "*")


def _refusal(service: str, call: Call) -> tuple[bytes, list[tuple[str, str]]]:
    said = f"is not authorized to perform: {call.action} on resource: {call.resource}"
    if service in ("ssm", "lambda"):
        told = json.dumps({"__type": "AccessDeniedException", "Message": said, "message": said})
        return told.encode(), [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amzn-ErrorType", "AccessDeniedException"),
        ]
    error = f"<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{said}</Message></Error>"
    text = f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>"
    return text.encode(), [("Content-Type", "text/xml")]
