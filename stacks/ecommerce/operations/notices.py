"""What AWS tells of its own accord, passed on to whoever gets the alarms."""

from typing import Any, Final

from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.ecommerce.event_queue import DeadLetterQueue
from stacks.ecommerce.topic_target import TopicTarget

Pattern = dict[str, Any]


class Notices(Construct):
    """Rules of the region's default bus to `topic`: certificates that expire, keys that are disabled or deleted,
    the database's failovers and failures, and AWS Health. Exposes `dead`, where undelivered notices go.

    An event and no alarm for certificates: it needs no ARN, and comes for the edge's and the regions' alike, from
    45 days before on ("Certificate Manager events").
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: sns.ITopic,
        key: kms.IKey,
        queue_name: str,
        database: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead = DeadLetterQueue(self, "Undelivered", queue_name=queue_name, key=key).queue
        target = TopicTarget(self, "Target", topic=topic, key=key, undelivered=self.dead)
        for name, (says, pattern) in _notices(database).items():
            events.Rule(
                self,
                name,
                description=says,
                event_pattern=events.EventPattern(**pattern),
                targets=[
                    target.saying(
                        events.RuleTargetInput.from_multiline_text(
                            f"{says} ({events.EventField.from_path('$.region')}, "
                            f"{events.EventField.from_path('$.time')}).\n"
                            f"{events.EventField.from_path('$.detail')}"
                        )
                    )
                ],
            )


_API_CALL: Final = "AWS API Call via CloudTrail"


def _notices(database: str) -> dict[str, tuple[str, Pattern]]:
    return {
        "Certificates": (
            "A certificate is about to expire",
            {
                "source": ["aws.acm"],
                "detail_type": ["ACM Certificate Approaching Expiration", "ACM Certificate Expired"],
            },
        ),
        "Keys": (
            "A key is disabled or is to be deleted",
            {
                "source": ["aws.kms"],
                "detail_type": [_API_CALL],
                "detail": {
                    "eventSource": ["kms.amazonaws.com"],
                    "eventName": ["DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy", "DeleteAlias"],
                },
            },
        ),
        "Database": (
            "The database fails over or has a fault",
            {
                "source": ["aws.rds"],
                "detail_type": ["RDS DB Instance Event"],
                "detail": {
                    "SourceIdentifier": [database],
                    "EventCategories": ["availability", "failover", "failure", "low storage"],
                },
            },
        ),
        "Health": (
            "AWS reports an event that concerns this account",
            {
                "source": ["aws.health"],
                "detail_type": ["AWS Health Event"],
                "detail": {"eventTypeCategory": ["issue", "scheduledChange"]},
            },
        ),
    }
