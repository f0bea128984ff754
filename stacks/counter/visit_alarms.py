"""What visitors notice: errors, and waiting."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

_MINUTE: Final = Duration.minutes(1)
# A visit takes milliseconds, and one that waits for Redis in vain 0.25 s: docs/visitor-counter.md.
_SLOW_SECONDS: Final = 1
_ERROR_PERCENT: Final = 5
# One visitor's failed request is no alarm, whatever part of a quiet minute it is.
_ERRORS_THAT_COUNT: Final = 5


class VisitAlarms(Construct):
    """Two alarms on what the load balancer sees of the tasks. Without visitors there are no data, and no alarm.

    `errors`: in two of three minutes more than 5 % of the tasks' answers, and 5 of them or more, are 5xx.
    `latency`: one answer in a hundred takes longer than a second, three minutes in a row.

    A deployment waits for them too (see CounterService), so their periods are short: ECS goes on watching for a
    time that it derives from them ("How CloudWatch alarms detect Amazon ECS deployment failures").
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.ApplicationLoadBalancer,
    ) -> None:
        super().__init__(scope, construct_id)
        # Of the load balancer, not of a target group: whichever group the tasks are in.
        failed = load_balancer.metrics.http_code_target(
            elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=_MINUTE, statistic="Sum"
        )
        answered = load_balancer.metrics.request_count(period=_MINUTE, statistic="Sum")
        self.errors = cloudwatch.Alarm(
            self,
            "Errors",
            alarm_description=f"More than {_ERROR_PERCENT} % of the counter's answers are 5xx",
            metric=cloudwatch.MathExpression(
                expression=f"IF(failed >= {_ERRORS_THAT_COUNT}, 100 * failed / answered, 0)",
                using_metrics={"failed": failed, "answered": answered},
                label="5xx, percent",
                period=_MINUTE,
            ),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=_ERROR_PERCENT,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        self.latency = cloudwatch.Alarm(
            self,
            "Latency",
            alarm_description=f"One answer in a hundred of the counter takes longer than {_SLOW_SECONDS} s",
            metric=load_balancer.metrics.target_response_time(period=_MINUTE, statistic="p99"),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=_SLOW_SECONDS,
            evaluation_periods=3,
            datapoints_to_alarm=3,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    @property
    def all(self) -> list[cloudwatch.Alarm]:
        """Both."""
        return [self.errors, self.latency]
