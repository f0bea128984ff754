"""A listener rule's path conditions as AWS has them: also regular expressions, and of the path as it was sent.

ministack drops `RegexValues`, so that such a rule never applies, and compares the decoded path. On AWS (user guide
for Application Load Balancers, "Condition types for listener rules") a path is compared before it is decoded.
"""

import re
from contextvars import ContextVar
from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties, Provisioned, wrap_provisioning
from local.emulator.internals import Headers, Response

TYPE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
_MODULE: Final = "services.alb"
_sent: ContextVar[str | None] = ContextVar("path as it was sent", default=None)


def _with_expressions(proceed: Any, properties: Properties) -> Provisioned:
    provisioned: Provisioned = proceed()
    stored = internals.get(_MODULE, "_rules")[provisioned[0]]["Conditions"]
    for condition, given in zip(stored, properties.get("Conditions") or [], strict=True):
        expressions = (given.get("PathPatternConfig") or {}).get("RegexValues")
        if expressions:
            condition["RegexValues"] = list(expressions)
    return provisioned


def install() -> None:
    """Keep the expressions, remember the path of the request, and compare them."""
    wrap_provisioning(TYPE, _with_expressions, blocking=False)
    matches = internals.get(_MODULE, "_match_condition")
    dispatch = internals.get(_MODULE, "dispatch_request")

    def match_condition(
        cond: dict[str, Any], method: str, path: str, headers: Headers, query_params: dict[str, Any]
    ) -> bool:
        sent = _sent.get() or path
        if cond.get("Field") == "path-pattern":
            path = sent
        if any(re.search(expression, sent) for expression in cond.get("RegexValues", [])):
            return True
        return bool(matches(cond, method, path, headers, query_params))

    async def dispatch_with_path(
        lb: dict[str, Any],
        method: str,
        path: str,
        headers: Headers,
        body: Any,
        query_params: dict[str, Any],
        port: int = 80,
        client_ip: str | None = None,
        raw_query_string: str | None = None,
        raw_path: str | None = None,
    ) -> Response:
        before = _sent.set(raw_path)
        try:
            answer: Response = await dispatch(
                *(lb, method, path, headers, body, query_params, port),
                client_ip=client_ip,
                raw_query_string=raw_query_string,
                raw_path=raw_path,
            )
            return answer
        finally:
            _sent.reset(before)

    internals.replace(_MODULE, "_match_condition", match_condition)
    internals.replace(_MODULE, "dispatch_request", dispatch_with_path)
