"""What the people on duty are told of at once."""

from collections.abc import Mapping
from typing import Any

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.topic_target import TopicTarget


class Findings(Construct):
    """A rule for each of `patterns`, by a name and the sentence that the message begins with, to `topic`.

    What cannot be delivered stays in a queue for two weeks.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        patterns: Mapping[str, tuple[str, events.EventPattern]],
        topic: sns.ITopic,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        undelivered = sqs.Queue(
            self,
            "Undelivered",
            # by its ARN: the construct would write into the policy of a key that another stack has
            encryption_master_key=kms.Key.from_key_arn(self, "Key", key.key_arn),
            encryption=sqs.QueueEncryption.KMS,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
        acknowledge(
            undelivered,
            "AwsSolutions-SQS3",
            reason="It is the queue of what was not delivered, the last one.",
        )
        target = TopicTarget(self, "Tell", topic=topic, key=key, undelivered=undelivered)
        for name, (told, pattern) in patterns.items():
            events.Rule(
                self,
                name,
                description=told,
                event_pattern=pattern,
                targets=[
                    target.saying(
                        events.RuleTargetInput.from_object(
                            {"what": told, "event": events.EventField.from_path("$")}
                        )
                    )
                ],
            )


def patterns(
    *, break_glass: str, guardduty: bool, security_hub: bool, config: bool
) -> dict[str, tuple[str, events.EventPattern]]:
    """The patterns of what is on; `break_glass`: the name of the role whose taking is told."""
    found: dict[str, tuple[str, events.EventPattern]] = {
        "OpenToOthers": (
            "Something of this account is open to another account or to everybody",
            _pattern("aws.access-analyzer", "Access Analyzer Finding", {"status": ["ACTIVE"]}),
        ),
        # the trail of the Audit stack brings it
        "BreakGlass": (
            "Somebody took the break-glass role",
            _pattern(
                "aws.sts",
                "AWS API Call via CloudTrail",
                {
                    "eventName": ["AssumeRole"],
                    "requestParameters": {
                        "roleArn": [f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{break_glass}"]
                    },
                },
            ),
        ),
    }
    if guardduty:
        found["Threats"] = (
            "GuardDuty found an attack of high severity",
            _pattern("aws.guardduty", "GuardDuty Finding", {"severity": [{"numeric": [">=", 7]}]}),
        )
    if security_hub:
        found["Posture"] = (
            "Security Hub found a weakness of high severity",
            _pattern(
                "aws.securityhub",
                "Security Hub Findings - Imported",
                {
                    "findings": {
                        "Severity": {"Label": ["HIGH", "CRITICAL"]},
                        "Workflow": {"Status": ["NEW"]},
                        "RecordState": ["ACTIVE"],
                        # GuardDuty's come by their own rule
                        "ProductName": [{"anything-but": ["GuardDuty"]}],
                    }
                },
            ),
        )
    if config and not security_hub:
        found["Configuration"] = (
            "A resource no longer complies with a rule of AWS Config",
            _pattern(
                "aws.config",
                "Config Rules Compliance Change",
                {"newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]}},
            ),
        )
    return found


def _pattern(source: str, detail_type: str, detail: dict[str, Any]) -> events.EventPattern:
    return events.EventPattern(source=[source], detail_type=[detail_type], detail=detail)
