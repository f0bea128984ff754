"""A mail when visitors get errors or wait for the bucket."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class SiteAlarms(Construct):
    """Alarms on a distribution with additional metrics; `email` has to confirm the subscription once.

    - More than 5 % of the answers are 5xx, in two of three periods of five minutes: one failed request among
      few is no alarm.
    - One answer in ten of the origin takes longer than 3 s, three periods in a row.

    Without visitors there are no data, which is no alarm. Must be in us-east-1, where CloudFront's metrics are
    ("Viewing CloudFront and edge function metrics", CloudFront Developer Guide).
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, distribution: cloudfront.IDistribution, email: str
    ) -> None:
        super().__init__(scope, construct_id)
        topic = self._topic(email)
        errors = cloudwatch.Alarm(
            self,
            "Errors",
            alarm_description="More than 5 % of the site's answers are 5xx",
            metric=_metric(distribution, "5xxErrorRate", "Average"),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=5,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        latency = cloudwatch.Alarm(
            self,
            "OriginLatency",
            alarm_description="One answer in ten of the site's origin takes longer than 3 s",
            metric=_metric(distribution, "OriginLatency", "p90"),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold=3000,  # milliseconds
            evaluation_periods=3,
            datapoints_to_alarm=3,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for alarm in (errors, latency):
            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))

    def _topic(self, email: str) -> sns.Topic:
        # CloudWatch cannot publish to a topic that is encrypted with the key that AWS manages for SNS.
        key = kms.Key(
            self,
            "Key",
            description="Messages of the site's alarms",
            enable_key_rotation=True,
            # It keeps nothing readable that outlives a delivery.
            removal_policy=RemovalPolicy.DESTROY,
        )
        topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        cloudwatch_here = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here], actions=["sns:Publish"], resources=[topic.topic_arn]
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here], actions=["kms:Decrypt", "kms:GenerateDataKey*"], resources=["*"]
            )
        )
        topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic


def _metric(distribution: cloudfront.IDistribution, name: str, statistic: str) -> cloudwatch.Metric:
    """The CDK's own, `distribution.metric…`, lacks the dimension Region and so has no data.

    Both are needed: "Using the CloudWatch API for CloudFront metrics", CloudFront Developer Guide.
    """
    return cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name=name,
        dimensions_map={"DistributionId": distribution.distribution_id, "Region": "Global"},
        period=Duration.minutes(5),
        statistic=statistic,
    )
