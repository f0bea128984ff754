"""A listener rule's transforms: the path and host that a target sees, rewritten.

ministack stores them, and its data plane does not apply them. On AWS (user guide for Application Load Balancers,
"Transforms for listener rules") the rule's conditions see the request as it came, its target the rewritten one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE: Final = "services.alb"
_GROUP: Final = re.compile(r"\$(\d)")


def rewritten(text: str, transform: Mapping[str, Any], configuration: str) -> str:
    """`text` after a transform's one rewrite; as it was where the expression does not match. `$1` is a group."""
    rewrite = transform[configuration]["Rewrites"][0]
    return re.sub(rewrite["Regex"], _GROUP.sub(r"\\\1", rewrite["Replace"]), text, count=1)


def _of_rule(actions: Sequence[Any]) -> Mapping[str, Mapping[str, Any]]:
    """The transforms of the rule that these very actions belong to, by type."""
    rules = internals.get(_MODULE, "_rules").values()
    found: Mapping[str, Any] = next((rule for rule in rules if rule.get("Actions") is actions), {})
    return {each["Type"]: each for each in found.get("Transforms") or []}


def install() -> None:
    """Rewrite between the choice of a rule and its actions."""
    execute = internals.get(_MODULE, "_execute_actions")

    async def execute_rewritten(
        actions: Sequence[Any],
        method: str,
        path: str,
        headers: Headers,
        body: Any,
        query_params: dict[str, Any],
        listener_port: int = 80,
        lb_arn: str = "",
        target_host: str | None = None,
        raw_query_string: str | None = None,
        raw_path: str | None = None,
    ) -> Response:
        transforms = _of_rule(actions)
        url, host = transforms.get("url-rewrite"), transforms.get("host-header-rewrite")
        if url is not None:
            path, _mark, query = rewritten(path, url, "UrlRewriteConfig").partition("?")
            raw_path = rewritten(raw_path, url, "UrlRewriteConfig").partition("?")[0] if raw_path else None
            if query:
                raw_query_string = "&".join(part for part in (query, raw_query_string) if part)
                query_params = parse_qs(raw_query_string, keep_blank_values=True)
        if host is not None:
            name = rewritten(str(headers.get("host", "")), host, "HostHeaderRewriteConfig")
            headers, target_host = {**headers, "host": name}, name
        answer: Response = await execute(
            *(actions, method, path, headers, body, query_params, listener_port, lb_arn, target_host),
            *(raw_query_string, raw_path),
        )
        return answer

    internals.replace(_MODULE, "_execute_actions", execute_rewritten)
