"""A mail when visitors get errors or wait for the bucket."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_topic import AlarmTopic


class SiteAlarms(Construct):
    """Alarms on a distribution with additional metrics; `topic` is told of them.

    - More than 5 % of the answers are 5xx, in two of three periods of five minutes: one failed request among
      few is no alarm.
    - One answer in ten of the origin takes longer than 3 s, three periods in a row.

    Without visitors there are no data, which is no alarm. Must be in us-east-1, where CloudFront's metrics are
    ("Viewing CloudFront and edge function metrics", CloudFront Developer Guide).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        distribution: cloudfront.IDistribution,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
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
        topic.tell_of([errors, latency])


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
