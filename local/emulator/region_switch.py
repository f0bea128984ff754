"""ARC Region switch: the health checks that a recorded plan would have, by ListRoute53HealthChecks.

The service makes them when a plan with a Route 53 step is made, and whoever writes records asks for their ids. Here
the plan is on paper: each id is made up, always the same for one plan, record and Region. Every other operation is
answered with a clear refusal.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any, Final

from local.emulator.cloudformation import recorded
from local.emulator.internals import Headers, Response

_TARGET: Final = "ArcRegionSwitch."
_SERVED: Final = "ListRoute53HealthChecks"
_PLAN: Final = "AWS::ARCRegionSwitch::Plan"
_STEP: Final = "Route53HealthCheckConfig"


def _steps(value: Any) -> Iterator[dict[str, Any]]:
    """Every Route 53 step in a plan, however deep."""
    if isinstance(value, list):
        for each in value:
            yield from _steps(each)
    elif isinstance(value, dict):
        if _STEP in value:
            yield value[_STEP]
        for each in value.values():
            yield from _steps(each)


def health_checks(plan: str, zone: str | None = None, record: str | None = None) -> list[dict[str, str]]:
    """The health checks of a recorded plan, of one record where it is named. Raises LookupError without plan."""
    plans = [each for each in recorded.records() if (each.type, each.physical_id) == (_PLAN, plan)]
    if not plans:
        raise LookupError(f"there is no plan {plan}")
    found: dict[str, dict[str, str]] = {}
    for step in _steps(plans[0].properties["Workflows"]):
        name, its_zone = str(step["RecordName"]), str(step["HostedZoneId"])
        if (zone or its_zone) != its_zone or (record or name) != name:
            continue
        for region in plans[0].properties["Regions"]:
            check = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{plan}/{its_zone}/{name}/{region}"))
            found[check] = {
                "healthCheckId": check,
                "hostedZoneId": its_zone,
                "recordName": name,
                "region": str(region),
                "status": "healthy",
            }
    return list(found.values())


def _response(status: int, value: dict[str, Any]) -> Response:
    return status, {"content-type": "application/x-amz-json-1.0"}, json.dumps(value).encode()


def is_asked(headers: Headers) -> bool:
    """Whether a request is one to this service."""
    return str(headers.get("x-amz-target", "")).startswith(_TARGET)


def answer(headers: Headers, body: bytes) -> Response:
    """Answer one call."""
    operation = str(headers["x-amz-target"]).removeprefix(_TARGET)
    if operation != _SERVED:
        words = f"{operation}: plans are recorded here, not carried out"
        return _response(400, {"__type": "ValidationException", "message": words})
    asked = json.loads(body)
    try:
        found = health_checks(asked["arn"], asked.get("hostedZoneId"), asked.get("recordName"))
    except LookupError as error:
        return _response(404, {"__type": "ResourceNotFoundException", "message": str(error)})
    return _response(200, {"healthChecks": found})
