"""What CloudWatch knows of one node of the Redis."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch


def redis_metric(
    cluster_id: str, name: str, *, statistic: str, period: Duration, label: str | None = None
) -> cloudwatch.Metric:
    """A metric of "Metrics for Valkey and Redis OSS", ElastiCache User Guide; the CDK has no construct for them.

    `cluster_id`: of one node: without cluster mode each node is a cache cluster of its own.
    """
    return cloudwatch.Metric(
        namespace="AWS/ElastiCache",
        metric_name=name,
        dimensions_map={"CacheClusterId": cluster_id},
        statistic=statistic,
        period=period,
        label=label,
    )
