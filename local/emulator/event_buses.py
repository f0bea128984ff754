"""EventBridge: a rule's target may be an event bus of another region.

ministack accepts such a target, delivers to buses of the rule's own region alone, and lets a forwarded event come
from where it arrives. On AWS it reaches any region's bus, and its `region` stays the one where it happened, which
rules tell copies by (EventBridge user guide, "Sending and receiving events between AWS Regions").
"""

import logging
from typing import Any, Final

from local.emulator import internals

_MODULE: Final = "services.eventbridge"
_log = logging.getLogger("local.emulator")


def path_in(region: str, origin: str, path: set[str]) -> set[str]:
    """The rules that an event has passed, as the region that it comes to knows them: its own by their key alone,
    those of others with their region, so that rules of one name in two regions are two rules."""
    absolute = {step if "/" in step.partition("|")[0] else f"{origin}/{step}" for step in path}
    return {step.removeprefix(f"{region}/") for step in absolute}


def _forward(spec: Any, event: dict[str, Any], rule: dict[str, Any], path: set[str], payload: Any) -> None:
    origin, bus = internals.region(), str(spec.resource).partition("/")[2]
    key = internals.get(_MODULE, "_rule_key")(rule.get("Name"), rule.get("EventBusName", "default"))
    if key in path:
        _log.warning("rule %s is not applied again to an event that it forwarded", key)
        return
    with internals.get("core.responses", "request_scope")(spec.account_id, spec.region):
        if bus not in internals.get(_MODULE, "_event_buses"):
            _log.warning("event bus %s does not exist in %s: event not delivered", bus, spec.region)
            return
        forwarded = {**event, "EventBusName": bus, "Region": event.get("Region", origin)}
        if payload is not None:
            forwarded["Detail"] = payload
        passed = sorted(path_in(spec.region, origin, {*path, key}))
        internals.get(_MODULE, "_dispatch_event")({**forwarded, "_DispatchPath": passed})
        forwarded.pop("_DispatchPath", None)
        internals.get(_MODULE, "_archive_event")(forwarded)


def install() -> None:
    """Take the place of the function that delivers to a bus."""

    def dispatch_to_event_bus(
        spec: Any,
        event: dict[str, Any],
        rule: dict[str, Any],
        event_path: set[str],
        target_input_payload: Any = None,
    ) -> None:
        _forward(spec, event, rule, event_path, target_input_payload)

    internals.replace(_MODULE, "_dispatch_to_event_bus", dispatch_to_event_bus)
