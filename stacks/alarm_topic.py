"""Where alarms go: an encrypted topic with one e-mail subscription."""

from collections.abc import Iterable

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class AlarmTopic(Construct):
    """Mails `email`, which has to confirm the subscription once; without one whoever subscribes to it is told.

    `of`: whose alarms, for the key's description. `key`: one that lets CloudWatch and the other `publishers` use
    it already; None for one of its own. `publishers`: services of this account that may publish.
    Exposes `topic`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        email: str | None,
        of: str,
        key: kms.IKey | None = None,
        topic_name: str | None = None,
        publishers: Iterable[str] = ("cloudwatch",),
    ) -> None:
        super().__init__(scope, construct_id)
        principals = [
            iam.ServicePrincipal(
                f"{publisher}.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
            for publisher in publishers
        ]
        self.topic = sns.Topic(
            self,
            "Topic",
            topic_name=topic_name,
            master_key=key or self._own_key(of, principals),
            enforce_ssl=True,
        )
        for principal in principals:
            self.topic.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[principal], actions=["sns:Publish"], resources=[self.topic.topic_arn]
                )
            )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))

    def _own_key(self, of: str, principals: list[iam.ServicePrincipal]) -> kms.Key:
        # CloudWatch cannot publish to a topic that is encrypted with the key that AWS manages for SNS.
        key = kms.Key(
            self,
            "Key",
            description=f"Messages of the {of}'s alarms",
            enable_key_rotation=True,
            # It keeps nothing readable that outlives a delivery.
            removal_policy=RemovalPolicy.DESTROY,
        )
        for principal in principals:
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[principal], actions=["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"]
                )
            )
        return key

    def tell_of(self, alarms: Iterable[cloudwatch.AlarmBase]) -> None:
        """Mail when one of `alarms` goes off, and when it is over."""
        action = actions.SnsAction(self.topic)
        for alarm in alarms:
            alarm.add_alarm_action(action)
            alarm.add_ok_action(action)
