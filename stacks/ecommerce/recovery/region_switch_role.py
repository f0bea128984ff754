"""What Region Switch may do when it executes the plan."""

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge_wildcards


class RegionSwitchRole(Construct):
    """A role for the plan in `regions`, the failover pair. Sources: the sample policies of "Execution block
    permissions" of the ARC Developer Guide, with resources narrowed to the platform's. Exposes `role`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: str | None, regions: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        name = names.region_switch_role(stage)
        role = iam.Role(
            self,
            "Role",
            role_name=name,
            assumed_by=iam.ServicePrincipal(
                "arc-region-switch.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        own, plan = (
            f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{name}",
            f"arn:{Aws.PARTITION}:arc-region-switch::{Aws.ACCOUNT_ID}:plan/{names.region_switch_plan(stage)}:*",
        )
        statements = [
            iam.PolicyStatement(
                sid="LooksAtItsPlan",
                actions=[
                    "arc-region-switch:GetPlan",
                    "arc-region-switch:GetPlanExecution",
                    "arc-region-switch:ListPlanExecutions",
                ],
                resources=[plan],
            ),
            # the plan's evaluation asks whether the role could do what the steps need
            iam.PolicyStatement(sid="ChecksItself", actions=["iam:SimulatePrincipalPolicy"], resources=[own]),
            iam.PolicyStatement(
                sid="ScalesTheShop",
                actions=["eks:DescribeCluster"],
                resources=self._in(regions, "eks", f"cluster/{names.cluster(stage)}"),
            ),
            iam.PolicyStatement(
                sid="ScalesTheShopAsItsAccessEntrySays",
                actions=["eks:ListAssociatedAccessPolicies"],
                resources=self._in(regions, "eks", f"access-entry/{names.cluster(stage)}/*"),
            ),
            iam.PolicyStatement(
                sid="MovesTheDatabase",
                actions=[
                    "rds:DescribeDBInstances",
                    "rds:PromoteReadReplica",
                    "rds:ModifyDBInstance",
                    "rds:CreateDBInstanceReadReplica",
                    "rds:AddTagsToResource",
                ],
                # a replica that is made anew takes subnet group and parameter group of the one before
                resources=[
                    arn
                    for kind in (f"db:{names.database(stage)}*", "pg:*", "subgrp:*", "og:*")
                    for arn in self._in(regions, "rds", kind)
                ],
            ),
            iam.PolicyStatement(
                sid="Fences",
                actions=["lambda:InvokeFunction", "lambda:GetFunction"],
                resources=[
                    arn
                    for action in ("fence", "release")
                    for arn in self._in(regions, "lambda", f"function:{names.fence_function(action, stage)}")
                ],
            ),
            iam.PolicyStatement(
                sid="FindsTheRecords",
                actions=["route53:ListResourceRecordSets"],
                resources=[f"arn:{Aws.PARTITION}:route53:::hostedzone/*"],
            ),
            iam.PolicyStatement(
                sid="WatchesTheAlarms",
                actions=["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"],
                resources=self._in(regions, "cloudwatch", "alarm:*"),
            ),
        ]
        policy = iam.ManagedPolicy(self, "Policy", roles=[role], statements=statements)
        acknowledge_wildcards(
            policy,
            statements,
            reason="What ends in a star is generated at run time: the plan's id, the id of an access entry, groups "
            "that a new replica takes over, alarms, and the hosted zone, whose id would be a circle of stacks. "
            "Reading alone is allowed on zones and alarms.",
        )
        self.role: iam.IRole = role

    def _in(self, regions: Sequence[str], service: str, resource: str) -> list[str]:
        return [f"arn:{Aws.PARTITION}:{service}:{region}:{Aws.ACCOUNT_ID}:{resource}" for region in regions]
