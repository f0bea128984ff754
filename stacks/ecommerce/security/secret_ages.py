"""Alarms on secrets that others give us: never set, or not renewed for too long."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.platform_function import PlatformFunction

LONGEST_DAYS: Final = 90
"""PCI DSS 4.0, requirement 8.6.3, leaves it to a risk analysis; a quarter is ours."""

_CODE: Final = Path(__file__).parent / "functions"


class SecretAges(Construct):
    """Looks every day at when `secrets`, by their names, were changed, and alarms.

    A key of a payment provider can be renewed in his console alone, by a person: a rotation here would store a key
    that opens nothing. So it is watched instead: an alarm for one that still is what the template said, and one for
    one that is older than 90 days. No news is an alarm too.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        secrets: Mapping[str, secretsmanager.ISecret],
        metric_namespace: str,
        alarm_topic: sns.ITopic | None,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        reporter = PlatformFunction(
            self,
            "Reporter",
            folder=_CODE,
            handler="report_secret_age.handle",
            description="Tells how old the secrets are that others give us",
            environment={"NAMESPACE": metric_namespace, "SECRETS": ",".join(secrets)},
            log_retention=log_retention,
            key=log_key,
            failures="The next day's schedule calls it again, and its events hold nothing that would have to "
            "be kept: where its metrics stay away, the alarms on them tell.",
            removal_policy=removal_policy,
        )
        reporter.policy.add_statements(
            iam.PolicyStatement(
                actions=["secretsmanager:DescribeSecret"],
                resources=[secret.secret_arn for secret in secrets.values()],
            )
        )
        events.Rule(
            self,
            "Daily",
            description="Looks at the age of the secrets",
            schedule=events.Schedule.rate(Duration.days(1)),
            targets=[targets.LambdaFunction(reporter.function)],
        )
        self._namespace = metric_namespace
        self._topic = alarm_topic
        for name in secrets:
            of = name.rsplit("/", 1)[-1].title().replace("-", "")
            self._alarm(
                f"{of}Unset", "Unset", name, 1, f"{name} was never set: put the provider's key into it"
            )
            self._alarm(
                f"{of}Old",
                "AgeDays",
                name,
                LONGEST_DAYS,
                f"{name} is old: renew it at the provider, then here",
            )

    def _alarm(self, construct_id: str, metric: str, secret: str, threshold: int, told: str) -> None:
        alarm = cloudwatch.Metric(
            namespace=self._namespace,
            metric_name=metric,
            dimensions_map={"Secret": secret},
            statistic="Maximum",
            period=Duration.days(1),
        ).create_alarm(
            self,
            construct_id,
            alarm_description=told,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        if self._topic is not None:
            action = actions.SnsAction(self._topic)
            alarm.add_alarm_action(action)
            alarm.add_ok_action(action)
        else:
            acknowledge(
                alarm,
                "CloudWatchAlarmAction",
                reason="Nobody gave an address to tell; the alarm is in the console, and is told once there "
                "is a topic.",
            )
