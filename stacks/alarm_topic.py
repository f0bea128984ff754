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
    """Mails `email`, which has to confirm the subscription once. `of`: whose alarms, for the key's description."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str, of: str) -> None:
        super().__init__(scope, construct_id)
        # CloudWatch cannot publish to a topic that is encrypted with the key that AWS manages for SNS.
        key = kms.Key(
            self,
            "Key",
            description=f"Messages of the {of}'s alarms",
            enable_key_rotation=True,
            # It keeps nothing readable that outlives a delivery.
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        cloudwatch_here = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        self._topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here], actions=["sns:Publish"], resources=[self._topic.topic_arn]
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here], actions=["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"]
            )
        )
        self._topic.add_subscription(subscriptions.EmailSubscription(email))

    def tell_of(self, alarms: Iterable[cloudwatch.Alarm]) -> None:
        """Mail when one of `alarms` goes off, and when it is over."""
        action = actions.SnsAction(self._topic)
        for alarm in alarms:
            alarm.add_alarm_action(action)
            alarm.add_ok_action(action)
