"""A viewer response function sees the request as the viewer request function has left it.

So it is on AWS, whose sample for A/B tests hands a value over in a header field (aws-samples/ab-testing-at-edge,
module 3.1). ministack shows it the path and query string of then, but the viewer's own header fields.
"""

from contextvars import ContextVar
from typing import Any

from local.emulator import internals

_MODULE = "services.cloudfront"
_left: ContextVar[tuple[str, dict[str, Any]]] = ContextVar("left by the request function")


def install() -> None:
    """Hand the header fields over, within the task that serves one request; after what runs the functions."""
    run = internals.get(_MODULE, "_run_function")

    async def run_in_turn(function_arn: str, event: dict[str, Any]) -> Any:
        context = event["context"]
        if context["eventType"] == "viewer-response":
            request, headers = _left.get(("", {}))
            if request == context["requestId"]:
                event = {**event, "request": {**event["request"], "headers": headers}}
        result = await run(function_arn, event)
        if context["eventType"] == "viewer-request" and isinstance(result, dict):
            _left.set((context["requestId"], result.get("headers", {})))
        return result

    internals.replace(_MODULE, "_run_function", run_in_turn)
