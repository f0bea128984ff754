"""One page that shows how the counter does."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from stacks.counter.healthy_hosts import healthy_hosts
from stacks.counter.redis_metrics import redis_metric


class CounterDashboard(Construct):
    """A CloudWatch dashboard: traffic, latency, errors, tasks, Redis, from the visitor inwards.

    `redis_nodes`: cluster id by what to call the node. All metrics are those that AWS gives with the resources.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        load_balancer: elbv2.ApplicationLoadBalancer,
        target_groups: Sequence[elbv2.ApplicationTargetGroup],
        service: ecs.FargateService,
        redis_nodes: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        entrance = load_balancer.metrics
        # No name: CloudFormation makes one that no other stage has.
        dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.hours(12))
        dashboard.add_widgets(
            _graph("Traffic, requests a minute", [entrance.request_count(**_minutely("Sum"))]),
            _graph(
                "Latency at the load balancer, seconds",
                [
                    entrance.target_response_time(**_minutely(percentile), label=percentile)
                    for percentile in ("p50", "p90", "p99")
                ],
            ),
            _graph(
                "Errors a minute",
                [
                    entrance.http_code_target(
                        elbv2.HttpCodeTarget.TARGET_5XX_COUNT, **_minutely("Sum"), label="5xx of the tasks"
                    ),
                    entrance.http_code_target(
                        elbv2.HttpCodeTarget.TARGET_4XX_COUNT, **_minutely("Sum"), label="4xx of the tasks"
                    ),
                    entrance.http_code_elb(
                        elbv2.HttpCodeElb.ELB_5XX_COUNT, **_minutely("Sum"), label="5xx of the load balancer"
                    ),
                ],
            ),
        )
        dashboard.add_widgets(
            _graph(
                "Tasks",
                [
                    healthy_hosts(target_groups, **_minutely("Maximum")),
                    *(
                        group.metrics.unhealthy_host_count(**_minutely("Maximum"), label="unhealthy")
                        for group in target_groups
                    ),
                ],
            ),
            _graph(
                "CPU and memory of the tasks, percent",
                [
                    service.metric_cpu_utilization(**_minutely("Average"), label="CPU"),
                    service.metric_memory_utilization(**_minutely("Average"), label="memory"),
                ],
            ),
        )
        if not redis_nodes:
            return
        dashboard.add_widgets(
            _redis("Redis: EngineCPUUtilization, percent", redis_nodes, "EngineCPUUtilization", "Average"),
            _redis("Redis: memory, percent", redis_nodes, "DatabaseMemoryUsagePercentage", "Average"),
            _redis("Redis: ReplicationLag, seconds", redis_nodes, "ReplicationLag", "Maximum"),
            _redis("Redis: connections", redis_nodes, "CurrConnections", "Average"),
        )


class _Minutely(TypedDict):
    period: Duration
    statistic: str


def _minutely(statistic: str) -> _Minutely:
    return {"period": Duration.minutes(1), "statistic": statistic}


def _redis(title: str, nodes: Mapping[str, str], name: str, statistic: str) -> cloudwatch.GraphWidget:
    return _graph(
        title,
        [
            redis_metric(cluster, name, statistic=statistic, period=Duration.minutes(1), label=node)
            for node, cluster in nodes.items()
        ],
    )


def _graph(title: str, lines: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=lines,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=8,
        height=6,
    )
