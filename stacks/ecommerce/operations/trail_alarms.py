"""An alarm for each call that is worth being woken for."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce.operations.audit_events import AUDIT_EVENTS
from stacks.ecommerce.operations.watch import FIVE_MINUTES, Alarms, Watch

# A few refusals a day are people and tools that feel their way.
_REFUSALS = 5


class TrailAlarms(Construct):
    """A metric filter on `log_group` and an alarm to `topic` for each of audit_events.py."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_group: logs.ILogGroup,
        namespace: str,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        for event in AUDIT_EVENTS:
            logs.MetricFilter(
                self,
                f"{event.id}Filter",
                log_group=log_group,
                filter_pattern=logs.FilterPattern.literal(event.pattern),
                metric_namespace=namespace,
                metric_name=event.id,
                metric_value="1",
            )
        Alarms(
            self,
            "Alarms",
            watched=[
                Watch(
                    event.id,
                    cloudwatch.Metric(
                        namespace=namespace, metric_name=event.id, statistic="Sum", period=FIVE_MINUTES
                    ),
                    _REFUSALS if event.id == "Unauthorized" else 0,
                    says=event.says,
                    why="Asked for by PCI DSS 10.4 and the CIS benchmark: was it one of us?",
                    runbook="audit",
                    periods=1,
                    datapoints=1,
                )
                for event in AUDIT_EVENTS
            ],
            topic=topic,
        )
