<<<<<<< HEAD
"""ARC Region Switch: the health checks that it makes for a plan, and nothing else; no plan is executed here.

A plan is recorded. For each of its steps that move records, Region Switch makes a Route 53 health check for each
region ("Amazon Route 53 health check execution block"), which are listed by ListRoute53HealthChecks.
"""

import hashlib
import json
=======
"""ARC Region switch: the health checks that a recorded plan would have, by ListRoute53HealthChecks.

The service makes them when a plan with a Route 53 step is made, and whoever writes records asks for their ids. Here
the plan is on paper: each id is made up, always the same for one plan, record and Region. Every other operation is
answered with a clear refusal.
"""

import json
import uuid
>>>>>>> emulator
from collections.abc import Iterator
from typing import Any, Final

from local.emulator.cloudformation import recorded
<<<<<<< HEAD
from local.emulator.internals import Response

TARGET: Final = "ArcRegionSwitch.ListRoute53HealthChecks"
"""The header field X-Amz-Target of the call (AWS JSON 1.0 protocol)."""

_PLAN: Final = "AWS::ARCRegionSwitch::Plan"


def health_checks(arn: str) -> list[dict[str, str]]:
    """Those of the plan with this ARN; their ids are made up, and stay the same."""
    return [
        {
            "hostedZoneId": config["HostedZoneId"],
            "recordName": config["RecordName"],
            "healthCheckId": _id(arn, config["RecordName"], each["Region"]),
            "region": each["Region"],
            "status": "healthy",
        }
        for plan in recorded.records()
        if plan.type == _PLAN and plan.physical_id == arn
        for config in _routing(plan.properties)
        for each in config["RecordSets"]
    ]


def answer(body: bytes) -> Response:
    """The response to a call of ListRoute53HealthChecks."""
    asked = json.loads(body or b"{}")
    found = [
        each
        for each in health_checks(str(asked.get("arn")))
        if asked.get("hostedZoneId", each["hostedZoneId"]) == each["hostedZoneId"]
        and asked.get("recordName", each["recordName"]) == each["recordName"]
    ]
    content = json.dumps({"healthChecks": found}).encode()
    return 200, {"content-type": "application/x-amz-json-1.0"}, content


def _routing(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for workflow in properties["Workflows"]:
        for step in workflow.get("Steps", ()):
            config = step["ExecutionBlockConfiguration"].get("Route53HealthCheckConfig")
            if config:
                yield config


def _id(*parts: str) -> str:
    digest = hashlib.sha256("/".join(parts).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
=======
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
>>>>>>> emulator
