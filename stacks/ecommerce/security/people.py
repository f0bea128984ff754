"""Who may do what by hand: look, recover, and in an emergency everything."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge, acknowledge_wildcards, managed_policy
from stacks.ecommerce.security.person_role import PersonRole


class Auditor(Construct):
    """Reads configuration in the whole account and no data: AWS's own SecurityAudit and ViewOnlyAccess."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: str | None) -> None:
        super().__init__(scope, construct_id)
        role = PersonRole(
            self,
            "Person",
            name=names.role("auditor", stage),
            description="Reads the configuration of the account, for an audit",
            boundary=None,
        ).role
        policies = ("SecurityAudit", "job-function/ViewOnlyAccess")
        for policy in policies:
            role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(policy))
        acknowledge(
            role,
            *map(managed_policy, policies),
            reason="AWS keeps these two up to date with its services, which an auditor must see all of; neither "
            "reads customers' data or secrets, or changes anything.",
        )


class Operator(Construct):
    """Watches, and runs the recovery: the Region Switch plan, and the platform's runbooks by their names."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: str | None, boundary: iam.IManagedPolicy
    ) -> None:
        super().__init__(scope, construct_id)
        role = PersonRole(
            self,
            "Person",
            name=names.role("operator", stage),
            description="Watches the platform and runs its recovery",
            boundary=boundary,
        ).role
        own = names.named("*", stage)
        plans = f"arn:{Aws.PARTITION}:arc-region-switch::{Aws.ACCOUNT_ID}:plan/{names.region_switch_plan(stage)}:*"
        runbooks = [
            f"arn:{Aws.PARTITION}:ssm:*:{Aws.ACCOUNT_ID}:{kind}"
            for kind in (f"automation-definition/{own}:*", f"document/{own}")
        ]
        executions = f"arn:{Aws.PARTITION}:ssm:*:{Aws.ACCOUNT_ID}:automation-execution/*"
        runbooks_roles = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/EcommerceRunbooks-*"
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    sid="Watch",
                    actions=[
                        "arc-region-switch:ListPlans",
                        "backup:ListRecoveryPointsByBackupVault",
                        "cloudwatch:DescribeAlarms",
                        "cloudwatch:GetDashboard",
                        "cloudwatch:GetMetricData",
                        "cloudwatch:ListDashboards",
                        "cloudwatch:ListMetrics",
                        "eks:DescribeCluster",
                        "elasticloadbalancing:DescribeTargetHealth",
                        "rds:DescribeDBInstances",
                        "route53:GetHealthCheckStatus",
                        "ssm:DescribeAutomationExecutions",
                        "ssm:ListDocuments",
                    ],
                    resources=["*"],
                ),
                iam.PolicyStatement(
                    sid="SwitchRegion",
                    actions=[
                        f"arc-region-switch:{action}"
                        for action in (
                            "ApprovePlanExecutionStep",
                            "CancelPlanExecution",
                            "GetPlan",
                            "GetPlanEvaluationStatus",
                            "GetPlanExecution",
                            "ListPlanExecutionEvents",
                            "ListPlanExecutions",
                            "StartPlanExecution",
                            "UpdatePlanExecution",
                            "UpdatePlanExecutionStep",
                        )
                    ],
                    resources=[plans],
                ),
                iam.PolicyStatement(
                    sid="RunRunbooks",
                    actions=["ssm:StartAutomationExecution", "ssm:DescribeDocument", "ssm:GetDocument"],
                    resources=runbooks,
                ),
                iam.PolicyStatement(
                    sid="FollowRunbooks",
                    actions=[
                        "ssm:GetAutomationExecution",
                        "ssm:SendAutomationSignal",
                        "ssm:StopAutomationExecution",
                    ],
                    resources=[executions],
                ),
                iam.PolicyStatement(
                    sid="HandOverTheRunbooksRole",
                    actions=["iam:PassRole"],
                    resources=[runbooks_roles],
                    conditions={"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
                ),
            ],
        )
        acknowledge_wildcards(
            policy,
            ["*", plans, *runbooks, executions, runbooks_roles],
            reason="Describing and listing take no resource; runbooks, plans and their roles go by the platform's "
            "names in each region, and an execution's id is not known before it runs.",
        )


class BreakGlass(Construct):
    """Everything, for the hour in which nothing else helps; Detection tells the operations topic when it is taken.

    Without the boundary: it has to be able to mend it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: str | None) -> None:
        super().__init__(scope, construct_id)
        role = PersonRole(
            self,
            "Person",
            name=names.role("break-glass", stage),
            description="Everything, in an emergency; taking it alarms",
            boundary=None,
        ).role
        role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name("AdministratorAccess"))
        acknowledge(
            role,
            managed_policy("AdministratorAccess"),
            reason="An emergency cannot be foreseen action by action. Nobody has this role: it is taken for an "
            "hour at most, with a second factor given within the hour, and each taking is reported at once.",
        )
