"""The ALB's data plane: living targets are preferred, and its own errors look like AWS's.

ministack sends a request to any registered target, and answers errors in JSON. AWS (user guides "Target group
health" and "Troubleshoot your Application Load Balancers"): unhealthy targets get no requests, unless all are
unhealthy, then every target does ("fail open"), so that dead ones give 502 Bad Gateway; a target group without
targets gives 503 Service Temporarily Unavailable. Here a target is unhealthy while its port refuses
connections, found out when a request comes, not by a timer and not by the health check's path.
"""

import asyncio
import logging
import random
import re
import socket
from typing import Any

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE = "services.alb"
_CONNECT_TIMEOUT_S = 2.0

_log = logging.getLogger("local.emulator")


def _error_page(status: int, phrase: str) -> Response:
    """The HTML page that an Application Load Balancer sends for an error of its own."""
    title = f"{status} {phrase}"
    page = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return status, {"Content-Type": "text/html", "Server": "awselb/2.0"}, page.encode()


_HEALTHY = re.compile(
    rb"(<Id>(?P<id>[^<]*)</Id><Port>(?P<port>\d+)</Port></Target>)"
    rb"<HealthStatus>healthy</HealthStatus><TargetHealth><State>healthy</State></TargetHealth>"
)
_UNHEALTHY = (
    rb"\1<HealthStatus>unhealthy</HealthStatus><TargetHealth><State>unhealthy</State>"
    rb"<Reason>Target.FailedHealthChecks</Reason><Description>Health checks failed</Description></TargetHealth>"
)
_PROBE_TIMEOUT_S = 0.2


def _probed(entry: "re.Match[bytes]") -> bytes:
    """One target of DescribeTargetHealth, unhealthy if its port refuses connections."""
    if entry["id"].startswith(b"arn:"):
        return entry[0]  # a Lambda function, which has no port
    try:
        address = (entry["id"].decode(), int(entry["port"]))
        with socket.create_connection(address, timeout=_PROBE_TIMEOUT_S):
            return entry[0]
    except OSError:
        return entry.expand(_UNHEALTHY)


async def _accepts_connections(target: dict[str, Any], group: dict[str, Any]) -> bool:
    port = int(target.get("Port") or group.get("Port") or 80)
    try:
        _reader, writer = await asyncio.wait_for(
            asyncio.open_connection(str(target.get("Id", "")), port), _CONNECT_TIMEOUT_S
        )
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def install() -> None:
    """Choose among the targets that accept a connection."""
    forward = internals.get(_MODULE, "_forward_to_tg")
    proxy = internals.get(_MODULE, "_proxy_http_target")

    async def forward_to_healthy(
        tg_arn: str,
        method: str,
        path: str,
        headers: Headers,
        body: Any,
        query_params: dict[str, Any],
        raw_query_string: str | None = None,
        raw_path: str | None = None,
    ) -> Response:
        group = internals.get(_MODULE, "_tgs").get(tg_arn)
        if group is None or group.get("TargetType", "instance") == "lambda":
            answer: Response = await forward(
                tg_arn, method, path, headers, body, query_params, raw_query_string, raw_path
            )
            return answer
        targets = list(internals.get(_MODULE, "_targets").get(tg_arn, []))
        if not targets:
            return _error_page(503, "Service Temporarily Unavailable")
        for target in random.sample(targets, len(targets)):
            if await _accepts_connections(target, group):
                status, answered, content = await proxy(
                    target, group, method, raw_path or path, headers, body, query_params, raw_query_string
                )
                if status == 502 and isinstance(
                    content, bytes
                ):  # ministack's own words, not a target's stream
                    _log.warning("bad gateway: %s", content.decode(errors="replace"))
                    return _error_page(502, "Bad Gateway")
                return status, answered, content
        _log.warning("no target of %s accepts connections: %s", tg_arn.rsplit(":", 1)[-1], targets)
        return _error_page(502, "Bad Gateway")

    actions = internals.get(_MODULE, "_ACTION_MAP")
    describe = actions["DescribeTargetHealth"]

    def describe_probed(params: dict[str, Any]) -> Response:
        status, headers, body = describe(params)
        content = body.encode() if isinstance(body, str) else body
        return status, headers, _HEALTHY.sub(_probed, content)

    internals.replace(_MODULE, "_forward_to_tg", forward_to_healthy)
    actions["DescribeTargetHealth"] = describe_probed
