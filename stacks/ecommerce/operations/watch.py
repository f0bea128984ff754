"""What is watched, and the alarms that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_topic import AlarmTopic

Runbook = Literal[
    "requests", "cluster", "database", "tables", "cache", "events", "business", "audit", "costs"
]
"""The sections of docs/ecommerce-runbooks.md."""

MINUTE: Final = Duration.minutes(1)
FIVE_MINUTES: Final = Duration.minutes(5)


@dataclass(frozen=True, slots=True)
class Watch:
    """One alarm: `metric` on the `side` of `threshold`, in `datapoints` of the last `periods`.

    `says`: what is so then. `why`: what it means to a customer or to the money. `runbook`: what to do.
    `silence`: what it means when there are no data.
    """

    id: str
    metric: cloudwatch.IMetric
    threshold: float
    says: str
    why: str
    runbook: Runbook
    side: Literal["above", "below"] = "above"
    periods: int = 3
    datapoints: int = 3
    silence: Literal["well", "ill"] = "well"


class Alarms(Construct):
    """An alarm for each of `watched`, which tells `topic`. Exposes `by_id`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, watched: Iterable[Watch], topic: AlarmTopic
    ) -> None:
        super().__init__(scope, construct_id)
        self.by_id = {watch.id: self._alarm(watch) for watch in watched}
        topic.tell_of(self.by_id.values())

    def _alarm(self, watch: Watch) -> cloudwatch.Alarm:
        operators = cloudwatch.ComparisonOperator
        missing = cloudwatch.TreatMissingData
        return cloudwatch.Alarm(
            self,
            watch.id,
            alarm_description=described(watch.says, watch.why, watch.runbook),
            metric=watch.metric,
            threshold=watch.threshold,
            comparison_operator=operators.GREATER_THAN_THRESHOLD
            if watch.side == "above"
            else operators.LESS_THAN_THRESHOLD,
            evaluation_periods=watch.periods,
            datapoints_to_alarm=watch.datapoints,
            treat_missing_data=missing.NOT_BREACHING if watch.silence == "well" else missing.BREACHING,
        )


def described(says: str, why: str, runbook: Runbook) -> str:
    """An alarm's description: it is all that the mail has beside numbers."""
    return f"{says}. {why}. Runbook: docs/ecommerce-runbooks.md#{runbook}"
