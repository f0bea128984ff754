"""What each choice of the visitor counter costs, as a table in docs/visitor-counter.md."""

from collections.abc import Callable, Mapping
from typing import Final

from review.cost import Template, fixed

_BEGIN: Final = "<!-- choices: written by make golden -->"
_END: Final = "<!-- end of choices -->"

# One row each: the choice in words, and the settings that make it. The first is what the rest is compared with.
CHOICES: Final[Mapping[str, Mapping[str, object]]] = {
    "All defaults": {},
    "Tasks behind a NAT gateway": {"egress": "nat"},
    "Tasks in isolated subnets, with VPC endpoints": {"egress": "endpoints"},
    "The same, with ECS Exec": {"egress": "endpoints", "counter_exec": True},
    "ECS Exec": {"counter_exec": True},
    "Half of the tasks beyond the first on Fargate Spot": {"counter_spot_percent": 50},
    "Blue/green deployments": {"counter_deployment": "blue-green"},
    "One Valkey node, no failover": {"redis_replicas": 0},
    "Two replicas, one of which has each visit": {"redis_replicas": 2, "counter_wait_replicas": 1},
    "Redis OSS nodes": {"redis_engine": "redis"},
    "Valkey serverless": {"redis_mode": "serverless"},
    "Redis OSS serverless": {"redis_mode": "serverless", "redis_engine": "redis"},
}


def with_table(document: str, synthesize: Callable[[Mapping[str, object]], Template]) -> str:
    """`document` with the current table between its two markers; ValueError if it lacks one.

    `synthesize` gives VisitorCounter's template for some settings.
    """
    before, begin, rest = document.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"docs/visitor-counter.md lacks the marker {_END if begin else _BEGIN}")
    return f"{before}{_BEGIN}\n\n{_table(synthesize)}\n\n{_END}{after}"


def _table(synthesize: Callable[[Mapping[str, object]], Template]) -> str:
    lines = ["| Choice | Settings | USD a month | Difference |", "|---|---|--:|--:|"]
    usual: float | None = None
    for choice, given in CHOICES.items():
        usd = sum(line.usd for line in fixed(synthesize(given)))
        difference = "" if usual is None else f"{usd - usual:+.2f}"
        usual = usd if usual is None else usual
        settings = ", ".join(f"`{name}={_as_given(value)}`" for name, value in given.items())
        lines.append(f"| {choice} | {settings} | {usd:.2f} | {difference} |")
    return "\n".join(lines)


def _as_given(value: object) -> str:
    """As on the command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)
