"""What the runbooks may do."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge_wildcards


class RunbookRole(Construct):
    """The role of all runbooks of `region`: their API calls and no others; a test holds the two together."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: str | None, region: str) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "ssm.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
        )

        def here(service: str, resource: str) -> str:
            return f"arn:{Aws.PARTITION}:{service}:{region}:{Aws.ACCOUNT_ID}:{resource}"

        database, table, cluster = (
            here("rds", f"db:{names.database(stage)}"),
            here("dynamodb", f"table/{names.table('carts', stage)}"),
            names.cluster(stage),
        )
        statements = [
            iam.PolicyStatement(
                sid="SwitchRegion",
                actions=["arc-region-switch:StartPlanExecution"],
                resources=[
                    f"arn:{Aws.PARTITION}:arc-region-switch::{Aws.ACCOUNT_ID}:plan/"
                    f"{names.region_switch_plan(stage)}:*"
                ],
            ),
            iam.PolicyStatement(
                sid="RestoreDatabase",
                actions=[
                    "rds:DescribeDBInstances",
                    "rds:RestoreDBInstanceToPointInTime",
                    "rds:AddTagsToResource",
                ],
                resources=[f"{database}*", *(here("rds", kind) for kind in ("pg:*", "subgrp:*", "og:*"))],
            ),
            iam.PolicyStatement(
                sid="RestoreTable",
                actions=[
                    "dynamodb:RestoreTableToPointInTime",
                    "dynamodb:DescribeTable",
                    # of the new table, which the service fills in the caller's name
                    "dynamodb:BatchWriteItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:Query",
                    "dynamodb:Scan",
                    "dynamodb:UpdateItem",
                ],
                resources=[f"{table}*"],
            ),
            iam.PolicyStatement(
                sid="IsolateNode",
                actions=["ec2:CreateSnapshots", "ec2:ModifyInstanceAttribute"],
                resources=[
                    here("ec2", "instance/*"),
                    here("ec2", "volume/*"),
                    here("ec2", "security-group/*"),
                    here("ec2", "network-interface/*"),
                ],
                conditions={"StringEqualsIfExists": {"aws:ResourceTag/platform": "ecommerce"}},
            ),
            iam.PolicyStatement(
                sid="IsolateNodeKeepsItsDisks",
                actions=["ec2:CreateSnapshots"],
                resources=[f"arn:{Aws.PARTITION}:ec2:{region}::snapshot/*"],
            ),
            iam.PolicyStatement(
                sid="IsolateNodeMarksIt",
                actions=["ec2:CreateTags"],
                resources=[here("ec2", "instance/*"), f"arn:{Aws.PARTITION}:ec2:{region}::snapshot/*"],
                conditions={"ForAllValues:StringEquals": {"aws:TagKeys": ["incident", "platform"]}},
            ),
            iam.PolicyStatement(
                sid="UpdateNodes",
                actions=["eks:ListNodegroups", "eks:UpdateNodegroupVersion", "eks:DescribeNodegroup"],
                resources=[
                    here("eks", f"cluster/{cluster}"),
                    here("eks", f"nodegroup/{cluster}/*"),
                ],
            ),
        ]
        policy = iam.ManagedPolicy(self, "Policy", roles=[self.role], statements=statements)
        acknowledge_wildcards(
            policy,
            statements,
            reason="What a runbook restores, isolates or updates is named by who starts it: a new instance or "
            "table beside the one that is there, one node, the groups that the database has. Nothing is deleted.",
        )
