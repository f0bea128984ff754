"""Pages that show how a region does, and how all of them do."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from stacks.ecommerce.operations import business_signals, metrics
from stacks.ecommerce.operations.request_signals import error_percent
from stacks.ecommerce.operations.watch import FIVE_MINUTES, MINUTE
from stacks.ecommerce.services import SERVICES


class RegionDashboard(Construct):
    """One region from the customer inwards: alarms, requests by service, cluster, data, queues, business."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dashboard_name: str,
        stage: str | None,
        alarms: Sequence[cloudwatch.IAlarm],
        load_balancer: elbv2.IApplicationLoadBalancer | None,
        target_groups: Mapping[str, elbv2.IApplicationTargetGroup],
        tables: Sequence[str],
        cache_nodes: Sequence[str],
        queues: Sequence[str],
        api_name: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        page = cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=dashboard_name, default_interval=Duration.hours(12)
        )
        page.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=24, height=4)
        )
        if load_balancer is not None:
            page.add_widgets(*_requests(load_balancer, target_groups))
        if api_name is not None:
            page.add_widgets(
                graph("API: requests a minute", [metrics.api("Count", "Sum", api_name=api_name)]),
                graph("API: latency, milliseconds", [metrics.api("Latency", "p95", api_name=api_name)]),
                graph(
                    "API: part of the answers that are errors",
                    [metrics.api(name, "Average", api_name=api_name) for name in ("5XXError", "4XXError")],
                ),
            )
        page.add_widgets(
            graph("Pods that run", [metrics.pods(service.name, stage=stage) for service in SERVICES]),
            graph(
                "Nodes: CPU and memory, percent",
                [
                    metrics.cluster("node_cpu_utilization", "Average", stage=stage, label="CPU"),
                    metrics.cluster("node_memory_utilization", "Average", stage=stage, label="memory"),
                ],
            ),
            graph(
                "Nodes",
                [
                    metrics.cluster("cluster_node_count", "Maximum", stage=stage, label="all"),
                    metrics.cluster("cluster_failed_node_count", "Maximum", stage=stage, label="failed"),
                ],
            ),
        )
        page.add_widgets(
            graph(
                "Database: CPU, percent",
                [metrics.database("CPUUtilization", "Average", stage=stage)],
            ),
            graph(
                "Database: connections and load",
                [
                    metrics.database("DatabaseConnections", "Average", stage=stage),
                    metrics.database("DBLoad", "Average", stage=stage),
                ],
            ),
            graph(
                "Database: seconds of a read and a write, and behind",
                [
                    metrics.database(name, "Average", stage=stage)
                    for name in ("ReadLatency", "WriteLatency", "ReplicaLag")
                ],
            ),
        )
        page.add_widgets(
            graph(
                "Tables: throttled",
                [
                    metrics.table(of, f"{kind}ThrottleEvents", "Sum", stage=stage, label=f"{of}, {kind}")
                    for of in tables
                    for kind in ("Read", "Write")
                ],
            ),
            graph(
                "Cache: memory, percent",
                [metrics.cache(node, "DatabaseMemoryUsagePercentage", "Maximum") for node in cache_nodes],
            ),
            graph(
                "Cache: CPU, percent",
                [metrics.cache(node, "EngineCPUUtilization", "Maximum") for node in cache_nodes],
            ),
        )
        page.add_widgets(
            graph(
                "Messages that wait",
                [
                    metrics.queue("ApproximateNumberOfMessagesVisible", of, "Maximum", stage=stage, label=of)
                    for of in queues
                ],
            ),
            graph(
                "Orders",
                [
                    metrics.business(name, "Sum", stage=stage, period=FIVE_MINUTES)
                    for name in ("OrdersPlaced", "OrdersShipped")
                ],
            ),
            graph(
                "Payment: milliseconds, and declined, percent",
                [business_signals.payment_latency(stage)],
                right=[business_signals.payments_declined(stage)],
            ),
        )


def _requests(
    load_balancer: elbv2.IApplicationLoadBalancer,
    target_groups: Mapping[str, elbv2.IApplicationTargetGroup],
) -> list[cloudwatch.IWidget]:
    return [
        graph(
            "Requests a minute",
            [
                group.metrics.request_count(period=MINUTE, statistic="Sum", label=service)
                for service, group in target_groups.items()
            ],
        ),
        graph("Errors: 5xx, percent", [error_percent(load_balancer)]),
        graph(
            "Latency: p95 of each service, seconds",
            [
                group.metrics.target_response_time(period=MINUTE, statistic="p95", label=service)
                for service, group in target_groups.items()
            ],
        ),
    ]


def graph(
    title: str, lines: list[cloudwatch.IMetric], right: list[cloudwatch.IMetric] | None = None
) -> cloudwatch.GraphWidget:
    """A third of a page's width."""
    return cloudwatch.GraphWidget(
        title=title,
        left=lines,
        right=right,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=8,
        height=6,
    )
