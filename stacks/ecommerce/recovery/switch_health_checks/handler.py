"""A custom resource: the ids of the Route 53 health checks that Region Switch made for a plan, by region.

The plan's own attributes list them without saying which is whose. What is returned are attributes named by the
region's code. Region Switch makes the health checks after the plan, so it is asked until it has them all.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

import boto3
import urllib3

_WAIT_SECONDS = 5.0
_SECONDS_TO_ANSWER = 15.0


class HealthChecksError(RuntimeError):
    """Region Switch has no health check for a region yet."""


def handle(event: Mapping[str, Any], context: Any) -> None:
    """Answer CloudFormation, whatever happens: a request that is not answered holds a stack up for an hour.

    Properties: PlanArn, HostedZoneId, RecordName, Regions. Attributes: a health check's id for each region.
    Deleting does nothing, as they go with the plan.
    """
    answer: dict[str, Any] = {
        "Status": "SUCCESS",
        "PhysicalResourceId": event["ResourceProperties"]["PlanArn"],
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
    try:
        if event["RequestType"] != "Delete":
            answer["Data"] = health_checks(event["ResourceProperties"], context)
    except Exception as error:  # whatever it is, the deploy has to hear of it
        print(f"failed: {error!r}")
        answer |= {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    urllib3.PoolManager().request(
        "PUT", event["ResponseURL"], body=json.dumps(answer), headers={"Content-Type": ""}, timeout=30
    )


def health_checks(properties: Mapping[str, Any], context: Any) -> dict[str, str]:
    """A health check's id for each of the regions; raises HealthChecksError if some are not there in time."""
    client = boto3.client("arc-region-switch")
    wanted = set(properties["Regions"])
    while True:
        found = _by_region(client, properties)
        if found.keys() >= wanted:
            return {region: found[region] for region in sorted(wanted)}
        if context.get_remaining_time_in_millis() < 1000 * (_WAIT_SECONDS + _SECONDS_TO_ANSWER):
            missing = ", ".join(sorted(wanted - found.keys()))
            raise HealthChecksError(
                f"plan {properties['PlanArn']} has no health check for {missing} yet; deploy the stack again"
            )
        time.sleep(_WAIT_SECONDS)


def _by_region(client: Any, properties: Mapping[str, Any]) -> dict[str, str]:
    pages = client.get_paginator("list_route53_health_checks").paginate(
        arn=properties["PlanArn"],
        hostedZoneId=properties["HostedZoneId"],
        recordName=properties["RecordName"],
    )
    return {
        each["region"]: each["healthCheckId"]
        for page in pages
        for each in page["healthChecks"]
        if each.get("healthCheckId")
    }
