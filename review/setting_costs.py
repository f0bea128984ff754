"""What each setting changes in the monthly bill, computed: synthesized with it, less the same without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from review.cost import Template, Usage, by_use, fixed

Given = Mapping[str, object]
Synthesize = Callable[[Given], Mapping[str, Template]]
"""The templates by stack name for settings that differ from the defaults."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row: `given` beside the defaults, or beside `among` where the setting changes something else then."""

    given: Given
    among: Given = field(default_factory=dict)


CHANGES: Final = (
    Change({"domain": "example.org", "hosted_zone_id": "Z0123456789ABC"}),
    Change({"access_logs": True}),
    Change({"waf": True}),
    Change({"alarm_email": "ops@example.org"}),
    Change({"counter_domain": "count.example.org", "hosted_zone_id": "Z0123456789ABC"}),
    Change({"counter_waf": True}),
    Change({"counter_waf": True}, among={"visitor_count": True}),
    Change({"counter_alarm_email": "ops@example.org"}),
    Change({"counter_alarm_email": "ops@example.org"}, among={"redis_replicas": 0}),
    Change({"counter_alarms_rollback": False}),
    Change({"counter_dashboard": True}),
    Change({"counter_cpu": 512, "counter_memory": 1024}),
    Change({"counter_architecture": "x86_64"}),
    Change({"counter_tasks": 3}),
    Change({"counter_spot_percent": 50}),
    Change({"counter_deployment": "blue-green"}),
    Change({"counter_exec": True}),
    Change({"counter_exec": True}, among={"egress": "endpoints"}),
    Change({"egress": "nat"}),
    Change({"egress": "endpoints"}),
    Change({"redis_engine": "redis"}),
    Change({"redis_mode": "serverless"}),
    Change({"redis_mode": "serverless"}, among={"redis_engine": "redis"}),
    Change({"redis_node_type": "cache.t4g.small"}),
    Change({"redis_node_type": "cache.m7g.large"}),
    Change({"redis_replicas": 0}),
    Change({"redis_replicas": 2}),
)
NOT_COMPUTED: Final[Mapping[str, str]] = {
    "container_insights": "billed by the metrics that it makes, which no template tells",
    "counter_max_tasks": "billed as `counter_tasks`, while they run",
    "counter_requests_per_task": "billed as `counter_tasks`: how soon there are more of them",
    "counter_wait_replicas": "free; the replicas are those of `redis_replicas`",
    "redis_max_gb": "a cap on the bill of `redis_mode=serverless`, no part of it",
    "redis_max_ecpus": "the same",
    "counter_certificate_arn": "free, as the certificate that is made without it",
    "counter_waf_rate_limit": "free",
}
"""Settings of the counter that have no row, and why."""

_MONTH: Final = Usage(visits=500_000)
_HEAD: Final = f"""\
## What each setting changes

US dollars a month, more (+) or less (-) than the same without it, both stacks together: as long as they exist, and
with what {_MONTH.visits:,} visits add.

| Setting | As long as it exists | With {_MONTH.visits:,} visits |
|---|--:|--:|
"""


def markdown(synthesize: Synthesize) -> str:
    """The section, with a newline at its end."""
    rows = "".join(_row(change, synthesize) for change in CHANGES)
    left_out = "\n".join(f"- `{name}`: {reason}." for name, reason in NOT_COMPUTED.items())
    return f"{_HEAD}{rows}\nNot in the table:\n\n{left_out}\n"


def difference(change: Change, synthesize: Synthesize) -> tuple[float, float]:
    """What the change adds as long as the stacks exist, and with the visits of a month."""
    before, after = (
        [_bill(template) for template in synthesize(given).values()]
        for given in (change.among, {**change.among, **change.given})
    )
    always = sum(standing for standing, _ in after) - sum(standing for standing, _ in before)
    used = sum(use for _, use in after) - sum(use for _, use in before)
    return always, always + used


def _bill(template: Template) -> tuple[float, float]:
    return (
        sum(line.usd for line in fixed(template)),
        sum(line.usd for line in by_use(template, _MONTH)),
    )


def _row(change: Change, synthesize: Synthesize) -> str:
    always, with_visits = difference(change, synthesize)
    among = f", with {_named(change.among)}" if change.among else ""
    return f"| {_named(change.given)}{among} | {always:+.2f} | {with_visits:+.2f} |\n"


def _named(given: Given) -> str:
    return ", ".join(f"`{name}={_written(value)}`" for name, value in given.items())


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
