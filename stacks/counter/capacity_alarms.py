"""Whether there are tasks to answer, and whether they are enough."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.counter.healthy_hosts import healthy_hosts

_MINUTE: Final = Duration.minutes(1)
_FIVE_MINUTES: Final = Duration.minutes(5)
# Autoscaling aims at 60 % of the CPU: what stays above 85 % is what it could not help.
_SATURATED_PERCENT: Final = 85
_ERRORS_A_MINUTE: Final = 5


class CapacityAlarms(Construct):
    """Alarms on load balancer and service; `topic` is told of them.

    - The load balancer itself answers 5xx, five or more a minute, in two of three minutes: no task that it could
      ask, or one that hung up.
    - No healthy target, three minutes in a row. No data is that too: nothing is registered.
    - CPU or memory of the tasks above 85 % on average, for 15 minutes.
    - As many tasks as `most_tasks`, for 15 minutes: more visitors would find no more. None: the number is fixed.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.ApplicationLoadBalancer,
        target_groups: Sequence[elbv2.ApplicationTargetGroup],
        service: ecs.FargateService,
        most_tasks: int | None,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._topic = topic
        self._alarm(
            "LoadBalancerErrors",
            "The counter's load balancer itself answers 5xx",
            load_balancer.metrics.http_code_elb(
                elbv2.HttpCodeElb.ELB_5XX_COUNT, period=_MINUTE, statistic="Sum"
            ),
            threshold=_ERRORS_A_MINUTE,
            datapoints_to_alarm=2,
        )
        self._alarm(
            "NoHealthyHost",
            "No healthy task of the counter",
            # The most that any of the load balancer's nodes sees: one that is being set up sees none.
            healthy_hosts(target_groups, period=_MINUTE, statistic="Maximum"),
            operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            threshold=1,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )
        self._alarm(
            "Cpu",
            f"The counter's tasks use more than {_SATURATED_PERCENT} % of their CPU",
            service.metric_cpu_utilization(period=_FIVE_MINUTES, statistic="Average"),
            threshold=_SATURATED_PERCENT,
        )
        self._alarm(
            "Memory",
            f"The counter's tasks use more than {_SATURATED_PERCENT} % of their memory",
            service.metric_memory_utilization(period=_FIVE_MINUTES, statistic="Average"),
            threshold=_SATURATED_PERCENT,
        )
        if most_tasks:
            self._alarm(
                "MostTasks",
                f"The counter runs {most_tasks} tasks, the most that counter_max_tasks allows",
                # Running tasks as such are a metric of Container Insights alone. The least of a period: a
                # deployment, which doubles the tasks, is over before.
                healthy_hosts(target_groups, period=_FIVE_MINUTES, statistic="Minimum"),
                threshold=most_tasks,
            )

    def _alarm(
        self,
        construct_id: str,
        description: str,
        metric: cloudwatch.IMetric,
        *,
        threshold: float,
        operator: cloudwatch.ComparisonOperator = (
            cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        ),
        datapoints_to_alarm: int = 3,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            construct_id,
            alarm_description=description,
            metric=metric,
            comparison_operator=operator,
            threshold=threshold,
            evaluation_periods=3,
            datapoints_to_alarm=datapoints_to_alarm,
            treat_missing_data=missing,
        )
        self._topic.tell_of([alarm])
