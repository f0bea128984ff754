"""Alarms on what is unusual for the hour and the weekday, where no fixed number is right."""

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce.operations.watch import described

# Twice as wide a band as CloudWatch's own default of two: a sale's first minute is unusual and no fault.
_DEVIATIONS = 4


class Unusual(Construct):
    """An anomaly alarm for each of `metrics`, by what it is of. CloudWatch learns for two weeks, and until then the
    band is wide. Each costs as much as three alarms.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        metrics: Mapping[str, cloudwatch.IMetric],
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        alarms = [
            cloudwatch.AnomalyDetectionAlarm(
                self,
                what,
                alarm_description=described(
                    f"{what} are far from what they are at this hour",
                    "Too few: something on the way to the shop is broken. Too many: an attack, or a success",
                    "requests" if what == "Requests" else "business",
                ),
                metric=metric,
                std_devs=_DEVIATIONS,
                evaluation_periods=3,
                datapoints_to_alarm=3,
                comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            for what, metric in metrics.items()
        ]
        topic.tell_of(alarms)
