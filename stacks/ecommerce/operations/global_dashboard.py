"""The page that shows all regions, in the primary."""

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.operations import business_signals, metrics
from stacks.ecommerce.operations.dashboards import graph
from stacks.ecommerce.operations.watch import FIVE_MINUTES


class GlobalDashboard(Construct):
    """All `regions` side by side: who is unhealthy, orders, stock, journeys, how far replicas are behind.

    It names the other regions' alarms and metrics and refers to none of their stacks, so that each can be updated
    alone. `replicas`: the regions that have a replica of the database. `journeys`: whether there are canaries.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        dashboard_name: str,
        stage: str | None,
        regions: Sequence[str],
        primary: str,
        tables: Sequence[str],
        replicas: Sequence[str],
        journeys: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        page = cloudwatch.Dashboard(
            self, "Dashboard", dashboard_name=dashboard_name, default_interval=Duration.hours(24)
        )
        page.add_widgets(
            cloudwatch.AlarmStatusWidget(
                title="Regions",
                alarms=[
                    cloudwatch.Alarm.from_alarm_arn(
                        self,
                        region,
                        f"arn:{Aws.PARTITION}:cloudwatch:{region}:{Aws.ACCOUNT_ID}:alarm:"
                        f"{names.region_alarm(stage)}",
                    )
                    for region in regions
                ],
                width=24,
                height=3,
            )
        )
        page.add_widgets(
            graph(
                "Orders",
                [
                    metrics.business(
                        "OrdersPlaced", "Sum", stage=stage, period=FIVE_MINUTES, label=region, region=region
                    )
                    for region in regions
                ],
            ),
            graph("Carts abandoned, percent", [business_signals.cart_abandonment(stage)]),
            graph(
                "Payment: p95, milliseconds",
                [business_signals.payment_latency(stage, region=region) for region in regions],
            ),
        )
        page.add_widgets(
            graph(
                "Stock: least of any product",
                [
                    metrics.business(
                        "InventoryLevel",
                        "Minimum",
                        stage=stage,
                        period=FIVE_MINUTES,
                        label=region,
                        region=region,
                    )
                    for region in regions
                ],
            ),
            graph(
                "Tables: milliseconds until another region has a write",
                [
                    metrics.table(
                        of,
                        "ReplicationLatency",
                        "Average",
                        stage=stage,
                        label=f"{of}, {other}",
                        receiver=other,
                    )
                    for of in tables
                    for other in regions
                    if other != primary
                ],
            ),
            *(
                [
                    graph(
                        "Database: seconds that replicas are behind",
                        [
                            metrics.database(
                                "ReplicaLag", "Maximum", stage=stage, label=region, region=region
                            )
                            for region in replicas
                        ],
                    )
                ]
                if replicas
                else []
            ),
        )
        if journeys:
            page.add_widgets(
                graph(
                    "Journeys that succeed, percent",
                    [
                        metrics.canary(
                            "SuccessPercent",
                            of="journey",
                            stage=stage,
                            period=Duration.hours(1),
                            label=region,
                            region=region,
                        )
                        for region in regions
                    ],
                )
            )
