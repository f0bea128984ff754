"""Events of AWS itself, told to people."""

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.event_queue import DeadLetterQueue
from stacks.ecommerce.topic_target import TopicTarget


class ToldEvents(Construct):
    """Rules of the region's default bus to `topic`, which is encrypted with `key`: one for each of `patterns`, by a
    name and the sentence that the message begins with. Exposes `undelivered`, the queue of what cannot be told;
    `of_rules`: whether nothing else sends to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        patterns: Mapping[str, tuple[str, events.EventPattern]],
        topic: sns.ITopic,
        key: kms.IKey,
        queue_name: str,
        of_rules: bool = True,
    ) -> None:
        super().__init__(scope, construct_id)
        self.undelivered: sqs.IQueue = DeadLetterQueue(
            self, "Undelivered", queue_name=queue_name, key=key, of_rules=of_rules
        ).queue
        target = TopicTarget(self, "Target", topic=topic, key=key, undelivered=self.undelivered)
        for name, (says, pattern) in patterns.items():
            events.Rule(
                self,
                name,
                description=says,
                event_pattern=pattern,
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


def pattern(
    source: str, *detail_types: str, detail: Mapping[str, object] | None = None
) -> events.EventPattern:
    """What `source` says of these types, with this `detail`."""
    return events.EventPattern(source=[source], detail_type=list(detail_types), detail=detail)
