"""CloudFront Functions that read their key value store; ministack refuses `import cf from 'cloudfront'`.

A function runs in a Node worker, which keeps the contents of the stores that it has seen. Each call names the
version of every store of the function; a worker that holds another one says so before anything of the function
ran, and gets the contents. So each call sees the store as it is when the call begins, and all of it as of one
moment, and a store is sent to a worker once per change.
"""

import logging
from pathlib import Path
from typing import Any

from local.emulator import internals

_MODULE = "services.cloudfront"
_WORKER = Path(__file__).with_name("viewer_function.js")
_TIME_LIMIT_S = 5.0
_log = logging.getLogger("cloudfront_functions")

Answer = dict[str, Any]
Contents = dict[str, Any]
"""A store as ministack keeps it: `etag`, `items`, and our `created` and `modified` (see key_value_api.py)."""


class Functions:
    """The Node workers, and how one function is run on them."""

    def __init__(self) -> None:
        """Start nothing yet: workers start with the first calls."""
        self.pool = internals.get("core.node_pool", "NodeWorkerPool")(
            _WORKER.read_text(encoding="utf-8"),
            log_prefix="cloudfront-js",
            logger=_log,
            timeout=_TIME_LIMIT_S,
            # A worker costs 40 ms to start, and a page's requests come six at a time.
            recycle_after=20_000,
            max_idle=6,
        )

    async def run(self, function_arn: str, event: dict[str, Any]) -> Any:
        """Run the published version of a function.

        Raises ministack's CloudFrontFunctionError, which CloudFront answers with 503: the function threw, took
        too long, or is not published.
        """
        record = internals.get(_MODULE, "_functions").get(function_arn.rpartition("/")[2])
        if record is None or not record.get("live_etag"):
            raise _error(f"{function_arn} is not published")
        live = internals.get(_MODULE, "_function_view")(record, "LIVE")
        request = {"code": live["code"].decode("utf-8"), "event": event}
        arns = live.get("kvs_arns", [])
        # Read between two requests of the API, which change a store and its etag in one step of this same loop.
        stores = _contents(arns)
        answer = await self._call({**request, "stores": _versions(stores)})
        if answer["status"] == "missing":
            stores = {arn: {**store, "items": dict(store["items"])} for arn, store in _contents(arns).items()}
            answer = await self._call({**request, "stores": _versions(stores), "contents": stores})
        if answer["status"] != "ok":
            raise _error(f"{function_arn}: {answer.get('message', answer)}")
        return answer["value"]

    async def _call(self, request: dict[str, Any]) -> Answer:
        errors = tuple(
            internals.get("core.node_pool", name) for name in ("NodeWorkerTimeout", "NodeWorkerError")
        )
        try:
            answer: Answer = await internals.get("core.concurrency", "run_offloop")(self.pool.call, request)
        except errors as error:
            raise _error(str(error)) from error
        return answer


def _error(message: str) -> Exception:
    error: Exception = internals.get(_MODULE, "CloudFrontFunctionError")(message)
    return error


def _contents(arns: list[str]) -> dict[str, Contents]:
    """The stores that exist; a function whose store is gone is one without a store."""
    found = ((arn, internals.get("services.cloudfront_keyvaluestore", "_get_store")(arn)[0]) for arn in arns)
    return {arn: store for arn, store in found if store is not None}


def _versions(stores: dict[str, Contents]) -> list[tuple[str, str]]:
    return [(arn, store["etag"]) for arn, store in stores.items()]


def install() -> None:
    """Run the functions on workers of our own."""
    functions = Functions()
    internals.replace(_MODULE, "_run_function", functions.run)
    # Its reset then ends the workers that run.
    internals.replace("core.cloudfront_js", "_pool", functions.pool)
