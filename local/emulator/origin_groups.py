"""Origin groups: what the first origin fails to answer is asked of the second; ministack has no such thing.

CloudFront Developer Guide, "Optimize high availability with CloudFront origin failover": GET, HEAD and OPTIONS
alone, when the first origin cannot be reached, does not answer in time, or answers with one of the group's status
codes. The second gets the same request; its answer is final.
"""

from typing import Any

from local.emulator import internals

_MODULE = "services.cloudfront"
_METHODS = ("GET", "HEAD", "OPTIONS")


def _groups(configuration: Any) -> dict[str, tuple[list[str], frozenset[int]]]:
    """Id of each group -> ids of its members, and the status codes that one fails with."""
    find, text, tag = (internals.get(_MODULE, name) for name in ("_find", "_text", "_local_tag_name"))

    def items(element: Any, *names: str) -> list[Any]:
        for name in (*names, "Items"):
            element = find(element, name) if element is not None else None
        return list(element) if element is not None else []

    return {
        text(group, "Id"): (
            [text(member, "OriginId") for member in items(group, "Members")],
            frozenset(
                int(code.text) for code in items(group, "FailoverCriteria", "StatusCodes") if code.text
            ),
        )
        for group in items(configuration, "OriginGroups")
        if tag(group) == "OriginGroup"
    }


def install() -> None:
    """Let a behaviour's target be a group."""
    parse = internals.get(_MODULE, "parse_distribution_dataplane_config")
    fetch = internals.get(_MODULE, "_fetch_from_origin")
    failures = (internals.get(_MODULE, "OriginUnreachable"), internals.get(_MODULE, "OriginTimeout"))

    def parse_with_groups(dist: dict[str, Any]) -> dict[str, Any]:
        parsed: dict[str, Any] = parse(dist)
        origins = parsed["origins"]
        for group, (members, codes) in _groups(internals.get(_MODULE, "_dist_config_el")(dist)).items():
            first, second = (origins[member] for member in members)
            origins[group] = {**first, "failover": second, "failover_codes": codes}
        return parsed

    async def fetch_with_failover(origin: dict[str, Any], method: str, *rest: Any) -> Any:
        second = origin.get("failover")
        if second is None or method not in _METHODS:
            return await fetch(origin, method, *rest)
        try:
            answer = await fetch(origin, method, *rest)
        except failures:
            return await fetch(second, method, *rest)
        failed = answer[0] in origin["failover_codes"]
        return await fetch(second, method, *rest) if failed else answer

    internals.replace(_MODULE, "parse_distribution_dataplane_config", parse_with_groups)
    internals.replace(_MODULE, "_fetch_from_origin", fetch_with_failover)
