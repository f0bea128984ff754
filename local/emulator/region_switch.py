"""ARC Region Switch: the health checks that it makes for a plan, and nothing else; no plan is executed here.

A plan is recorded. For each of its steps that move records, Region Switch makes a Route 53 health check for each
region ("Amazon Route 53 health check execution block"), which are listed by ListRoute53HealthChecks.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from local.emulator.cloudformation import recorded
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
