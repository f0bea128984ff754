"""A custom resource whose Lambda function fails without answering fails at once, with the function's error.

CloudFormation waits an hour for the answer of such a function; so does ministack. Locally that looks like a
hang, and the reason is known long before.
"""

import json
import logging
from typing import Any

from local.emulator import internals

_log = logging.getLogger("local.emulator")


def _reason(result: Any) -> str | None:
    """The error of a Lambda invocation's result; None for a success."""
    if not isinstance(result, dict) or not result.get("error"):
        return None
    body = result.get("body")
    try:
        detail = json.loads(body) if isinstance(body, (str, bytes)) else body
    except ValueError:
        detail = body
    if isinstance(detail, dict):
        detail = detail.get("errorMessage") or detail.get("message") or detail
    return str(detail or result.get("error"))


def install() -> None:
    """Watch the invocations that carry CloudFormation's request."""
    module = "services.lambda_svc"
    execute = internals.get(module, "_execute_function_with_config_scope")
    deliver = internals.get("services.cloudformation.custom_resource", "deliver_response")

    def execute_and_watch(func: dict[str, Any], event: Any) -> Any:
        result = execute(func, event)
        reason = _reason(result)
        if reason and isinstance(event, dict) and "ResponseURL" in event and "LogicalResourceId" in event:
            token = str(event["ResponseURL"]).rsplit("/", 1)[-1]
            _log.warning("custom resource %s: %s", event["LogicalResourceId"], reason)
            deliver(token, {"Status": "FAILED", "Reason": f"The Lambda function failed: {reason}"})
        return result

    internals.replace(module, "_execute_function_with_config_scope", execute_and_watch)
