"""Which region writes go to: what the Region Switch plan has decided, as health checks of Route 53."""

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Aws, CustomResource, Duration, RemovalPolicy
from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.platform_function import PlatformFunction


class WriteSwitches(Construct):
    """The health checks that Region Switch makes for `plan` and the name `write_domain`; `by_region`: their ids.

    They say what the plan has decided, and nothing that is measured: a record that followed a measurement would
    send orders to a replica, which cannot take them. They are answered from Route 53's data plane, so that a
    failover needs nothing of us-east-1, where its control plane is.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: str | None,
        plan: arc.CfnPlan,
        zone: route53.IHostedZone,
        write_domain: str,
        regions: Sequence[str],
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        arns = f"arn:{Aws.PARTITION}:arc-region-switch::{Aws.ACCOUNT_ID}:plan/{names.region_switch_plan(stage)}:*"
        finder = PlatformFunction(
            self,
            "HealthChecks",
            folder=Path(__file__).parent / "switch_health_checks",
            description="Tells CloudFormation the health checks that Region Switch made for the plan",
            statements=[
                iam.PolicyStatement(actions=["arc-region-switch:ListRoute53HealthChecks"], resources=[arns])
            ],
            environment={},
            timeout=Duration.minutes(5),
            log_retention=log_retention,
            log_key=log_key,
            removal_policy=removal_policy,
        )
        acknowledge_wildcards(
            finder.policy,
            [arns],
            reason="The end of a plan's ARN is generated; its name is not.",
        )
        found = CustomResource(
            self,
            "Found",
            resource_type="Custom::RegionSwitchHealthChecks",
            service_token=finder.function.function_arn,
            properties={
                "PlanArn": plan.attr_arn,
                "HostedZoneId": zone.hosted_zone_id,
                "RecordName": write_domain,
                "Regions": list(regions),
                # Each change of the plan may make others.
                "PlanVersion": plan.attr_version,
            },
        )
        self.by_region = {region: found.get_att_string(region) for region in regions}
