"""EcommerceRecovery: moving writes to another region, and back."""

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.region_switch_plan import RegionSwitchPlan
from stacks.ecommerce.recovery.routing_control import RoutingControl
from stacks.ecommerce.recovery.write_records import WriteRecords
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention
from stacks.settings import Settings


class EcommerceRecovery(PlatformStack):
    """The Region Switch plan of the failover pair, and the records that it moves; made in the primary, `region`.

    Once it is there, the plan runs in the region that is activated and needs nothing of the one that is lost
    ("Region switch in ARC"). `origins`: the name of each region of the pair, the primary first. `approver`: ARN
    of the role that approves a failover. `alarms`: ARNs, shown beside the plan. Output: PlanArn.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        role: iam.IRole,
        approver: str,
        zone: route53.IHostedZone,
        origins: Mapping[str, str],
        log_key: kms.IKey,
        alarms: Sequence[str] = (),
    ) -> None:
        super().__init__(
            scope, "Recovery", region=region, settings=settings, purpose="moving writes to another region"
        )
        domain = names.write_domain(str(settings.ecommerce_domain))
        plan = RegionSwitchPlan(
            self,
            "RegionSwitch",
            stage=settings.stage,
            regions=list(origins),
            role=role,
            approver=approver,
            hosted_zone_id=zone.hosted_zone_id,
            write_domain=domain,
            alarms=alarms,
        ).plan
        WriteRecords(
            self,
            "Writes",
            stage=settings.stage,
            plan=plan,
            zone=zone,
            write_domain=domain,
            origins=origins,
            log_retention=log_retention(settings),
            log_key=log_key,
        )
        if settings.ecommerce_routing_control:
            RoutingControl(
                self, "RoutingControl", name=names.named("writes", settings.stage), regions=list(origins)
            )
        CfnOutput(self, "PlanArn", value=plan.attr_arn)
