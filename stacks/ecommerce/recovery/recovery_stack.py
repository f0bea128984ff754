"""EcommerceRecovery: moving writes to another region, and back."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, CfnOutput
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.region_switch_plan import RegionSwitchPlan
from stacks.ecommerce.recovery.routing_control import RoutingControl
from stacks.ecommerce.recovery.write_switches import WriteSwitches
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic import host_names
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceRecovery(PlatformStack):
    """The Region Switch plan of the failover pair, and the switches that it turns; made in the primary, `region`.

    Once it is there, the plan runs in the region that is activated and needs nothing of the one that is lost
    ("Region switch in ARC"). `domain`: the shop's, in `zone`. `alarms`: ARNs, shown beside the plan. Exposes
    `write_switches`: health checks by region, healthy where writes go. Output: PlanArn.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        role: iam.IRole,
        zone: route53.IHostedZone,
        domain: str,
        log_key: kms.IKey,
        alarms: Sequence[str] = (),
    ) -> None:
        super().__init__(
            scope, "Recovery", region=region, settings=settings, purpose="moving writes to another region"
        )
        topology = settings.ecommerce_topology
        pair = [each.name for each in (topology.primary, topology.secondary) if each]
        writes = host_names.origin(domain).writes
        plan = RegionSwitchPlan(
            self,
            "RegionSwitch",
            stage=settings.stage,
            regions=pair,
            role=role,
            approver=f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{names.role('operator', settings.stage)}",
            hosted_zone_id=zone.hosted_zone_id,
            write_domain=writes,
            alarms=alarms,
        ).plan
        self.write_switches: Mapping[str, str] = WriteSwitches(
            self,
            "Writes",
            stage=settings.stage,
            plan=plan,
            zone=zone,
            write_domain=writes,
            regions=pair,
            log_retention=log_retention(settings),
            log_key=log_key,
            removal_policy=removal_policy(settings),
        ).by_region
        if settings.ecommerce_routing_control:
            RoutingControl(self, "RoutingControl", name=names.named("writes", settings.stage), regions=pair)
        CfnOutput(self, "PlanArn", value=plan.attr_arn)
