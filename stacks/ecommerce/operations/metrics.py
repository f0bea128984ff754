"""Metrics that CloudWatch has of resources whose names are known: those of stacks/ecommerce/names.py.

One function for each kind of resource; dashboards and alarms take them from here, so that a name that is wrong is
wrong once. What a name needs beyond names.py (a load balancer's) comes with the resource itself.
"""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.ecommerce import names
from stacks.ecommerce.services import NAMESPACE

_MINUTE: Final = Duration.minutes(1)


def _metric(
    namespace: str,
    name: str,
    statistic: str,
    dimensions: Mapping[str, str],
    *,
    label: str | None = None,
    region: str | None = None,
    period: Duration = _MINUTE,
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=period,
        label=label,
        region=region,
    )


def database(
    name: str, statistic: str, *, stage: str | None, label: str | None = None, region: str | None = None
) -> cloudwatch.Metric:
    """Of a region's database instance: "Amazon CloudWatch metrics for Amazon RDS"."""
    dimensions = {"DBInstanceIdentifier": names.database(stage)}
    return _metric("AWS/RDS", name, statistic, dimensions, label=label, region=region)


def table(
    of: str,
    name: str,
    statistic: str,
    *,
    stage: str | None,
    label: str | None = None,
    receiver: str | None = None,
) -> cloudwatch.Metric:
    """Of a table: "DynamoDB metrics and dimensions"; `receiver`: of its replication to that region."""
    dimensions = {"TableName": names.table(of, stage)}
    if receiver is not None:
        dimensions["ReceivingRegion"] = receiver
    return _metric("AWS/DynamoDB", name, statistic, dimensions, label=label)


def cache(node: str, name: str, statistic: str, *, label: str | None = None) -> cloudwatch.Metric:
    """Of a node of the checkout's cache: "Metrics for Valkey and Redis OSS"."""
    return _metric("AWS/ElastiCache", name, statistic, {"CacheClusterId": node}, label=label)


def cache_nodes(stage: str | None, *, shards: int, nodes_per_shard: int) -> list[str]:
    """The nodes' ids of a replication group with cluster mode: its own, the shard's and the node's number."""
    return [
        f"{names.cache(stage)}-{shard:04}-{node:03}"
        for shard in range(1, shards + 1)
        for node in range(1, nodes_per_shard + 1)
    ]


def cluster(name: str, statistic: str, *, stage: str | None, label: str | None = None) -> cloudwatch.Metric:
    """Of the whole cluster: "Amazon EKS and Kubernetes Container Insights metrics"."""
    return _metric("ContainerInsights", name, statistic, {"ClusterName": names.cluster(stage)}, label=label)


def pods(service: str, *, stage: str | None) -> cloudwatch.Metric:
    """How many pods of a service run."""
    dimensions = {"ClusterName": names.cluster(stage), "Namespace": NAMESPACE, "Service": service}
    return _metric(
        "ContainerInsights", "service_number_of_running_pods", "Average", dimensions, label=service
    )


def api(name: str, statistic: str, *, api_name: str, label: str | None = None) -> cloudwatch.Metric:
    """Of the API: "Amazon API Gateway dimensions and metrics"."""
    return _metric("AWS/ApiGateway", name, statistic, {"ApiName": api_name}, label=label)


def queue(
    name: str, of: str, statistic: str, *, stage: str | None, label: str | None = None
) -> cloudwatch.Metric:
    """Of a queue, by what waits in it: "Available CloudWatch metrics for Amazon SQS"."""
    return _metric("AWS/SQS", name, statistic, {"QueueName": names.queue(of, stage)}, label=label)


def business(
    name: str,
    statistic: str,
    *,
    stage: str | None,
    period: Duration,
    label: str | None = None,
    region: str | None = None,
) -> cloudwatch.Metric:
    """Of the shop itself: business_metrics/handler.py."""
    return _metric(
        names.metric_namespace(stage), name, statistic, {}, label=label, region=region, period=period
    )


def canary(
    name: str,
    *,
    of: str,
    stage: str | None,
    period: Duration,
    label: str | None = None,
    region: str | None = None,
) -> cloudwatch.Metric:
    """Of a canary, by what it does: "CloudWatch metrics published by canaries"."""
    return _metric(
        "CloudWatchSynthetics",
        name,
        "Average",
        {"CanaryName": names.canary(of, stage)},
        label=label,
        region=region,
        period=period,
    )
