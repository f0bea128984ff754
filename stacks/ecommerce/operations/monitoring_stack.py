"""EcommerceMonitoring: what is watched in one region, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce import names
from stacks.ecommerce.operations import business_signals, metrics, notices, request_signals, resource_signals
from stacks.ecommerce.operations.dashboards import RegionDashboard
from stacks.ecommerce.operations.global_dashboard import GlobalDashboard
from stacks.ecommerce.operations.region_health import RegionHealth
from stacks.ecommerce.operations.resource_signals import DatabaseRole
from stacks.ecommerce.operations.shop_events import CONSUMED, KEPT, UNDELIVERED
from stacks.ecommerce.operations.sizes import SIZES
from stacks.ecommerce.operations.tracing import Tracing
from stacks.ecommerce.operations.unusual import Unusual
from stacks.ecommerce.operations.watch import FIVE_MINUTES, MINUTE, Alarms
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security import findings
from stacks.ecommerce.told_events import ToldEvents
from stacks.ecommerce.topology import Region
from stacks.settings import Settings

_NOTICES: Final = "undelivered-notices"


class EcommerceMonitoring(PlatformStack):
    """Alarms, dashboards and traces of `region`; exposes `alarm_topic`, and `region_alarm`, None without a load
    balancer.

    `database`: what this region's instance is; None if it has none. `tables`: by what is in them, as names.py has
    them. `carts_counted`:
    whether this region's events have those of the carts. `replicas`: the regions with a replica.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        load_balancer: elbv2.IApplicationLoadBalancer | None,
        target_groups: Mapping[str, elbv2.IApplicationTargetGroup],
        api_name: str | None,
        database: DatabaseRole | None,
        tables: Sequence[str],
        cache_nodes: Sequence[str],
        carts_counted: bool,
        replicas: Sequence[str],
    ) -> None:
        super().__init__(
            scope,
            "Monitoring",
            region=region,
            settings=settings,
            purpose=f"alarms and dashboards of the {region.role} region {region.name}",
        )
        stage = settings.stage
        size = SIZES[settings.ecommerce_profile]
        regions = [each.name for each in settings.ecommerce_topology.regions]
        others = [name for name in regions if name != region.name]
        key = kms.Key.from_key_arn(self, "Key", operations_key.key_arn)
        self.alarm_topic = AlarmTopic(
            self,
            "AlarmTopic",
            email=settings.ecommerce_alarm_email,
            of="e-commerce platform",
            key=key,
            topic_name=names.topic("alarms", stage),
        )
        ToldEvents(
            self,
            "Notices",
            topic=self.alarm_topic.topic,
            key=key,
            queue_name=names.queue(_NOTICES, stage),
            patterns=notices.patterns(database=names.database(stage)),
        )
        dead = [UNDELIVERED, _NOTICES, findings.UNDELIVERED, *(f"{of}-dead" for of in (*CONSUMED, *KEPT))]
        watched = [
            *resource_signals.of_cluster(stage),
            *(resource_signals.of_database(stage, database) if database else []),
            *resource_signals.of_tables(stage, tables, others),
            *resource_signals.of_cache(cache_nodes),
            *resource_signals.of_queues(stage, consumed=CONSUMED, dead=dead),
            *business_signals.watched(stage, carts_counted=carts_counted),
        ]
        unusual: dict[str, cloudwatch.IMetric] = {
            "Orders": metrics.business("OrdersPlaced", "Sum", stage=stage, period=FIVE_MINUTES)
        }
        if load_balancer is not None:
            watched += request_signals.watched(
                load_balancer, target_groups, slow_seconds=size.slow_seconds, api_name=api_name
            )
            unusual["Requests"] = load_balancer.metrics.request_count(period=MINUTE, statistic="Sum")
        alarms = Alarms(self, "Alarms", watched=watched, topic=self.alarm_topic).by_id
        Unusual(self, "Unusual", metrics=unusual, topic=self.alarm_topic)
        self.region_alarm: cloudwatch.IAlarm | None = None
        if load_balancer is not None:
            self.region_alarm = RegionHealth(
                self,
                "Health",
                alarm_name=names.region_alarm(stage),
                alarms=alarms,
                topic=self.alarm_topic,
            ).alarm
        RegionDashboard(
            self,
            "Dashboard",
            dashboard_name=names.dashboard(region.name, stage),
            stage=stage,
            alarms=list(alarms.values()),
            load_balancer=load_balancer,
            target_groups=target_groups,
            tables=tables,
            cache_nodes=cache_nodes,
            queues=[*CONSUMED, *KEPT, *dead],
            api_name=api_name,
        )
        if region.role == "primary":
            GlobalDashboard(
                self,
                "Global",
                dashboard_name=names.dashboard("all", stage),
                stage=stage,
                regions=regions,
                primary=region.name,
                tables=tables,
                replicas=replicas,
                journeys=settings.ecommerce_phase >= 5,
            )
        Tracing(
            self,
            "Tracing",
            prefix=names.prefix(stage),
            traced=size.traced,
            slow_seconds=size.slow_seconds,
        )
