"""S3: an object is replicated to every destination that a rule names, not to the first rule's alone.

On AWS ("Replication configuration file elements", "Priority") rules with different destinations all apply; of
several with one destination the one with the highest priority does. ministack applies the first that matches.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulator import internals

_MODULE: Final = "services.s3"

Configuration = Mapping[str, Any]


def by_destination(configuration: Configuration) -> list[dict[str, Any]]:
    """The configuration once for each destination, its rules the highest priority first."""
    destinations: dict[str, list[Any]] = {}
    for rule in configuration.get("Rules", []):
        destinations.setdefault((rule.get("Destination") or {}).get("Bucket", ""), []).append(rule)
    return [
        {**configuration, "Rules": sorted(rules, key=lambda rule: -int(rule.get("Priority") or 0))}
        for rules in destinations.values()
    ]


def _for_each(bucket: str, replicate: Callable[[], None]) -> None:
    """Replicate with the rules of each destination alone; in one step of the server's loop, so nobody sees them."""
    configurations = internals.get(_MODULE, "_bucket_replication")
    whole = configurations.get(bucket)
    if not whole:
        replicate()
        return
    try:
        for one in by_destination(whole):
            configurations[bucket] = one
            replicate()
    finally:
        configurations[bucket] = whole


def install() -> None:
    """Wrap both: of objects, and of delete markers."""
    objects = internals.get(_MODULE, "_maybe_replicate")
    markers = internals.get(_MODULE, "_maybe_replicate_delete_marker")

    def replicate(
        bucket_name: str, key: str, obj: dict[str, Any], data: Any, tags: dict[str, str] | None = None
    ) -> None:
        outcomes: list[str] = []

        def once() -> None:
            obj.pop("replication_status", None)
            objects(bucket_name, key, obj, data, tags)
            outcomes.append(str(obj.get("replication_status", "")))

        _for_each(bucket_name, once)
        worst = next((each for each in ("FAILED", "COMPLETED") if each in outcomes), None)
        if worst is not None:
            obj["replication_status"] = worst

    def replicate_marker(bucket_name: str, key: str) -> None:
        _for_each(bucket_name, lambda: markers(bucket_name, key))

    internals.replace(_MODULE, "_maybe_replicate", replicate)
    internals.replace(_MODULE, "_maybe_replicate_delete_marker", replicate_marker)
