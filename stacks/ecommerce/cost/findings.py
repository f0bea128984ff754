"""What Trusted Advisor and Compute Optimizer find, on its way to whoever pays."""

from pathlib import Path
from typing import Final

from aws_cdk import Aws
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.cost.rightsizing import handler
from stacks.ecommerce.platform_function import PlatformFunction
from stacks.ecommerce.told_events import ToldEvents, pattern
from stacks.retention import Kept

_CODE: Final = Path(__file__).parent / "rightsizing"


def _patterns() -> dict[str, tuple[str, events.EventPattern]]:
    return {
        "TrustedAdvisor": (
            "Trusted Advisor has found something",
            pattern(
                "aws.trustedadvisor",
                "Trusted Advisor Check Item Refresh Notification",
                detail={"status": ["WARN", "ERROR"]},
            ),
        ),
        "Rightsizing": (
            "Something is too big, too small or not used",
            pattern(handler.SOURCE, handler.DETAIL_TYPE),
        ),
    }


class Findings(Construct):
    """Rules of us-east-1's default bus, where Trusted Advisor sends its events ("Monitoring AWS Trusted Advisor
    check results with Amazon EventBridge"; all of its checks need a Business Support plan), and a weekly question
    to Compute Optimizer and Cost Explorer, which send none. All is told to `topic`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: sns.ITopic,
        key: kms.IKey,
        queue_name: str,
        kept: Kept,
    ) -> None:
        super().__init__(scope, construct_id)
        told = ToldEvents(
            self, "Told", patterns=_patterns(), topic=topic, key=key, queue_name=queue_name, of_rules=False
        )
        ask = PlatformFunction(
            self,
            "Ask",
            description="Asks Compute Optimizer and Cost Explorer what is too big",
            folder=_CODE,
            environment={"ACCOUNT": Aws.ACCOUNT_ID},
            key=key,
            failures=told.undelivered,
            **kept,
        )
        ask.policy.add_statements(
            iam.PolicyStatement(
                actions=[
                    "ce:GetRightsizingRecommendation",
                    "compute-optimizer:GetEnrollmentStatus",
                    "compute-optimizer:GetRecommendationSummaries",
                ],
                resources=["*"],
            ),
            iam.PolicyStatement(
                actions=["events:PutEvents"],
                resources=[f"arn:{Aws.PARTITION}:events:{Aws.REGION}:{Aws.ACCOUNT_ID}:event-bus/default"],
                conditions={"StringEquals": {"events:source": handler.SOURCE}},
            ),
        )
        acknowledge_wildcards(
            ask.policy,
            ["*"],
            reason="The three actions read recommendations and know no resource (Service Authorization Reference).",
        )
        events.Rule(
            self,
            "Weekly",
            description="Asks what is too big on Monday morning",
            schedule=events.Schedule.cron(week_day="MON", hour="7", minute="0"),
            targets=[targets.LambdaFunction(ask.function, dead_letter_queue=told.undelivered)],
        )
