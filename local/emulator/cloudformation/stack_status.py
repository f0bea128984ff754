"""The CDK CLI is told as soon as a stack has settled: DescribeStacks waits a moment for one that is at work.

The CLI asks every 5 seconds, which suits AWS' minutes. Here a stack settles in one or two, and each deploy,
destroy and bootstrap would spend the rest of its 5 seconds asleep.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE = "services.cloudformation"

PATIENCE_SECONDS = 4.0
"""How long an answer is held back at most: less than any client's time limit."""
_INTERVAL_SECONDS = 0.05


def _is_at_work(response: Response) -> bool:
    """Whether the answer tells of one stack, and that it is being created, updated, deleted or rolled back."""
    body = response[2]
    text = body.encode() if isinstance(body, str) else body
    return (
        isinstance(text, bytes)
        and text.count(b"<StackStatus>") == 1
        and b"_IN_PROGRESS</StackStatus>" in text
    )


async def settled(
    ask: Callable[[], Awaitable[Response]],
    *,
    patience: float = PATIENCE_SECONDS,
    interval: float = _INTERVAL_SECONDS,
) -> Response:
    """Ask until the stack is not at work any more, for `patience` seconds at most; return the last answer."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + patience
    while _is_at_work(response := await ask()) and loop.time() < limit:
        await asyncio.sleep(interval)
    return response


def _is_the_cli_waiting(headers: Mapping[str, Any], body: bytes) -> bool:
    """Whether it is the CDK CLI that asks: other clients want to know how it is now."""
    return b"Action=DescribeStacks" in body.split(b"&") and "aws-sdk-js" in str(headers.get("user-agent", ""))


def install() -> None:
    """Take the place of CloudFormation's request handler."""
    handle = internals.get(_MODULE, "handle_request")

    async def handle_request(
        method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, Any]
    ) -> Response:
        ask = functools.partial(handle, method, path, headers, body, query_params)
        response: Response = await (settled(ask) if _is_the_cli_waiting(headers, body) else ask())
        return response

    internals.replace(_MODULE, "handle_request", handle_request)
