"""What Compute Optimizer and Cost Explorer would make smaller, as events of this account's default bus.

Neither sends events by itself. An account that has not opted in to Compute Optimizer gets an event that says so,
and how: no stack can do it.
"""

import json
import os
from typing import Any

SOURCE = "ecommerce.cost"
DETAIL_TYPE = "Rightsizing Finding"

Finding = dict[str, Any]


def of_compute_optimizer(status: str, summaries: list[dict[str, Any]]) -> list[Finding]:
    """A finding for each kind of resource of which some are too big, or too small."""
    if status != "Active":
        return [
            {
                "kind": "Compute Optimizer",
                "says": f"its status is {status}: opt in with `aws compute-optimizer update-enrollment-status "
                "--status Active`",
            }
        ]
    found = []
    for summary in summaries:
        counts = {each["name"]: int(each["value"]) for each in summary.get("summaries", [])}
        wrong = {name: number for name, number in counts.items() if name != "Optimized" and number}
        if wrong:
            saved = summary.get("savingsOpportunity", {}).get("estimatedMonthlySavings", {})
            found.append(
                {
                    "kind": summary["recommendationResourceType"],
                    "says": ", ".join(f"{number} {name}" for name, number in sorted(wrong.items())),
                    "usd": round(float(saved.get("value", 0)), 2),
                }
            )
    return found


def of_cost_explorer(summary: dict[str, Any]) -> list[Finding]:
    """A finding if instances could be smaller or are not used at all."""
    number = int(summary.get("TotalRecommendationCount", 0))
    if not number:
        return []
    return [
        {
            "kind": "Ec2Instance of Cost Explorer",
            "says": f"{number} can be smaller or stopped",
            "usd": round(float(summary.get("EstimatedTotalMonthlySavingsAmount", 0)), 2),
        }
    ]


def entries(findings: list[Finding]) -> list[dict[str, str]]:
    """For PutEvents."""
    return [
        {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": json.dumps(finding)} for finding in findings
    ]


def handle(_event: object, _context: object) -> int:
    """Called once a week; the number of findings."""
    import boto3  # of Lambda's runtime: the tests of the rest do without

    optimizer, explorer = boto3.client("compute-optimizer"), boto3.client("ce")
    status = optimizer.get_enrollment_status()["status"]
    summaries = []
    if status == "Active":
        given = {"accountIds": [os.environ["ACCOUNT"]]}
        while True:
            page = optimizer.get_recommendation_summaries(**given)
            summaries += page["recommendationSummaries"]
            if "nextToken" not in page:
                break
            given["nextToken"] = page["nextToken"]
    resized = explorer.get_rightsizing_recommendation(Service="AmazonEC2").get("Summary", {})
    findings = of_compute_optimizer(status, summaries) + of_cost_explorer(resized)
    told = entries(findings)
    bus = boto3.client("events")
    for first in range(0, len(told), 10):  # PutEvents takes ten
        answer = bus.put_events(Entries=told[first : first + 10])
        if answer["FailedEntryCount"]:
            raise RuntimeError(f"{answer['FailedEntryCount']} findings were not taken")
    return len(told)
