"""What of security the people on duty are told of at once."""

from typing import Final

from aws_cdk import Aws
from aws_cdk import aws_events as events

from stacks.ecommerce.told_events import pattern

UNDELIVERED: Final = "undelivered-detections"
"""What waits in the queue of those that could not be told."""


def patterns(
    *, break_glass: str, guardduty: bool, security_hub: bool, config: bool
) -> dict[str, tuple[str, events.EventPattern]]:
    """The patterns of what is on; `break_glass`: the name of the role whose taking is told."""
    found: dict[str, tuple[str, events.EventPattern]] = {
        "OpenToOthers": (
            "Something of this account is open to another account or to everybody",
            pattern("aws.access-analyzer", "Access Analyzer Finding", detail={"status": ["ACTIVE"]}),
        ),
        # the trail of the Audit stack brings it
        "BreakGlass": (
            "Somebody took the break-glass role",
            pattern(
                "aws.sts",
                "AWS API Call via CloudTrail",
                detail={
                    "eventName": ["AssumeRole"],
                    "requestParameters": {
                        "roleArn": [f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{break_glass}"]
                    },
                },
            ),
        ),
    }
    if guardduty:
        found["Threats"] = (
            "GuardDuty found an attack of high severity",
            pattern("aws.guardduty", "GuardDuty Finding", detail={"severity": [{"numeric": [">=", 7]}]}),
        )
    if security_hub:
        found["Posture"] = (
            "Security Hub found a weakness of high severity",
            pattern(
                "aws.securityhub",
                "Security Hub Findings - Imported",
                detail={
                    "findings": {
                        "Severity": {"Label": ["HIGH", "CRITICAL"]},
                        "Workflow": {"Status": ["NEW"]},
                        "RecordState": ["ACTIVE"],
                        # GuardDuty's come by their own rule
                        "ProductName": [{"anything-but": ["GuardDuty"]}],
                    }
                },
            ),
        )
    if config and not security_hub:
        found["Configuration"] = (
            "A resource no longer complies with a rule of AWS Config",
            pattern(
                "aws.config",
                "Config Rules Compliance Change",
                detail={"newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]}},
            ),
        )
    return found
