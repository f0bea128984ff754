"""How many tasks are healthy, in whichever target groups they are."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2


def healthy_hosts(
    groups: Sequence[elbv2.ApplicationTargetGroup], *, period: Duration, statistic: str
) -> cloudwatch.IMetric:
    """HealthyHostCount of all `groups` together. Of several, one without data counts as one without tasks: after a
    blue/green deployment that is the group which the tasks have left."""
    metrics = [group.metrics.healthy_host_count(period=period, statistic=statistic) for group in groups]
    if len(metrics) == 1:
        return metrics[0]
    names = [f"group{number}" for number in range(len(metrics))]
    return cloudwatch.MathExpression(
        expression=" + ".join(f"FILL({name}, 0)" for name in names),
        using_metrics=dict(zip(names, metrics, strict=True)),
        label="healthy",
        period=period,
    )
