"""What AWS tells of its own accord, for whoever gets the alarms."""

from typing import Final

from aws_cdk import aws_events as events

from stacks.ecommerce.told_events import pattern

_API_CALL: Final = "AWS API Call via CloudTrail"


def patterns(*, database: str) -> dict[str, tuple[str, events.EventPattern]]:
    """Certificates that expire, keys that are disabled or deleted, failovers and failures of the instance
    `database`, and AWS Health.

    An event and no alarm for certificates: it needs no ARN, and comes for the edge's and the regions' alike, from
    45 days before on ("Certificate Manager events").
    """
    return {
        "Certificates": (
            "A certificate is about to expire",
            pattern("aws.acm", "ACM Certificate Approaching Expiration", "ACM Certificate Expired"),
        ),
        "Keys": (
            "A key is disabled or is to be deleted",
            pattern(
                "aws.kms",
                _API_CALL,
                detail={
                    "eventSource": ["kms.amazonaws.com"],
                    "eventName": ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteAlias"],
                },
            ),
        ),
        "Database": (
            "The database fails over or has a fault",
            pattern(
                "aws.rds",
                "RDS DB Instance Event",
                detail={
                    "SourceIdentifier": [database],
                    "EventCategories": ["availability", "failover", "failure", "low storage"],
                },
            ),
        ),
        "Health": (
            "AWS reports an event that concerns this account",
            pattern(
                "aws.health", "AWS Health Event", detail={"eventTypeCategory": ["issue", "scheduledChange"]}
            ),
        ),
    }
