"""Whether a region serves its customers: one alarm of several."""

from collections.abc import Mapping

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce.operations.watch import described


class RegionHealth(Construct):
    """A composite alarm under the name `alarm_name`, which the other regions and the recovery's plan compute.

    Errors, or a service without a single pod: what a failover to another region mends. Not slowness, which it might
    make worse, and no database or cache by itself, as customers may not notice. Exposes `alarm`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alarm_name: str,
        alarms: Mapping[str, cloudwatch.Alarm],
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        causes = [alarm for name, alarm in alarms.items() if name == "Errors" or name.startswith("NoHost-")]
        self.alarm = cloudwatch.CompositeAlarm(
            self,
            "Alarm",
            composite_alarm_name=alarm_name,
            alarm_description=described(
                "This region does not serve its customers",
                "Route 53 leads them elsewhere; writes follow when somebody executes the recovery's plan",
                "requests",
            ),
            alarm_rule=cloudwatch.AlarmRule.any_of(
                *(cloudwatch.AlarmRule.from_alarm(alarm, cloudwatch.AlarmState.ALARM) for alarm in causes)
            ),
        )
        topic.tell_of([self.alarm])
