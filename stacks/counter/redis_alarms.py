"""Whether Redis is about to fail."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.counter.redis_metrics import redis_metric

_FULL_PERCENT: Final = 80
_BUSY_PERCENT: Final = 80
_LAG_SECONDS: Final = 5


class RedisAlarms(Construct):
    """Alarms on each node; `topic` is told of them. A node without data is no alarm: visits that fail are one.

    `nodes`: cluster id by what to call the node. `replicated`: any of them can be a replica.

    - DatabaseMemoryUsagePercentage of 80 or more for 15 minutes: full memory refuses to count.
    - EngineCPUUtilization of 80 or more for 15 minutes: Redis executes on one core.
    - ReplicationLag of 5 s or more, five minutes in a row: a failover would lose as many seconds of visits.
    - Evictions, any: the parameter group forbids them, so it is no longer the one that is in force.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        nodes: Mapping[str, str],
        replicated: bool,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._topic = topic
        minutes = Duration.minutes
        for name, cluster in nodes.items():
            node = Construct(self, name)
            memory = redis_metric(
                cluster, "DatabaseMemoryUsagePercentage", statistic="Average", period=minutes(5)
            )
            self._alarm(node, "Memory", f"{name}: {_FULL_PERCENT} % full", memory, _FULL_PERCENT, periods=3)
            cpu = redis_metric(cluster, "EngineCPUUtilization", statistic="Average", period=minutes(5))
            self._alarm(node, "EngineCpu", f"{name}: {_BUSY_PERCENT} % busy", cpu, _BUSY_PERCENT, periods=3)
            evictions = redis_metric(cluster, "Evictions", statistic="Sum", period=minutes(5))
            self._alarm(
                node, "Evictions", f"{name} evicts keys, which may be counts", evictions, 1, periods=1
            )
            if replicated:
                lag = redis_metric(cluster, "ReplicationLag", statistic="Maximum", period=minutes(1))
                self._alarm(node, "Lag", f"{name} lags {_LAG_SECONDS} s behind", lag, _LAG_SECONDS, periods=5)

    def _alarm(
        self,
        node: Construct,
        construct_id: str,
        description: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        periods: int,
    ) -> None:
        alarm = cloudwatch.Alarm(
            node,
            construct_id,
            alarm_description=f"Redis {description}",
            metric=metric,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold=threshold,
            evaluation_periods=periods,
            datapoints_to_alarm=periods,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        self._topic.tell_of([alarm])
