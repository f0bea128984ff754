"""A topic as the target of rules."""

from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct


class TopicTarget(Construct):
    """Lets rules publish to `topic`, which is encrypted with `key`, with a role of its own.

    Without a role EventBridge would need the topic's and the key's policy, and neither could be narrowed to this
    account: it supports no `aws:SourceAccount` for encrypted topics ("Key management", Amazon SNS Developer Guide).
    `undelivered`: where an event goes that could not be published.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        topic: sns.ITopic,
        key: kms.IKey,
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("events.amazonaws.com"))
        iam.ManagedPolicy(
            self,
            "Policy",
            roles=[self._role],
            statements=[
                iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn]),
                iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
            ],
        )
        self._topic = topic
        self._undelivered = undelivered

    def saying(self, message: events.RuleTargetInput) -> events.IRuleTarget:
        """The target of one rule, with what is published."""
        given: dict[str, Any] = {"authorize_using_role": True, "role": self._role.without_policy_updates()}
        return targets.SnsTopic(self._topic, message=message, dead_letter_queue=self._undelivered, **given)
