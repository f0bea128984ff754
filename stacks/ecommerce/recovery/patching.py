"""When the nodes are brought up to date, and which patches other instances of the platform may have."""

from aws_cdk import aws_ssm as ssm
from constructs import Construct


class Patching(Construct):
    """A window on Sundays in which `runbook`, the document that updates the nodes, runs with `role` (an ARN).

    Nodes are replaced by newer images, as EKS' managed node groups are meant to be ("Update a managed node group
    for your cluster"). The baseline is for what is no node: an instance that somebody starts to look into the
    VPC. It is found by the tag `PatchGroup=<name>`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, runbook: str, role: str) -> None:
        super().__init__(scope, construct_id)
        ssm.CfnPatchBaseline(
            self,
            "Baseline",
            name=name,
            description="Security updates after three days, all others after seven",
            operating_system="AMAZON_LINUX_2023",
            patch_groups=[name],
            approval_rules=ssm.CfnPatchBaseline.RuleGroupProperty(
                patch_rules=[
                    _rule("Security", 3, "CRITICAL"),
                    _rule("Bugfix", 7, "HIGH"),
                ]
            ),
        )
        window = ssm.CfnMaintenanceWindow(
            self,
            "Window",
            name=name,
            description="The nodes of the shop's cluster are replaced, one group after the other",
            schedule="cron(0 3 ? * SUN *)",
            schedule_timezone="UTC",
            duration=4,
            cutoff=1,
            allow_unassociated_targets=False,
        )
        ssm.CfnMaintenanceWindowTask(
            self,
            "Task",
            window_id=window.ref,
            name=name,
            task_type="AUTOMATION",
            task_arn=runbook,
            priority=1,
            service_role_arn=role,
            task_invocation_parameters=ssm.CfnMaintenanceWindowTask.TaskInvocationParametersProperty(
                maintenance_window_automation_parameters=(
                    ssm.CfnMaintenanceWindowTask.MaintenanceWindowAutomationParametersProperty(
                        document_version="$DEFAULT"
                    )
                )
            ),
        )


def _rule(classification: str, days: int, level: str) -> ssm.CfnPatchBaseline.RuleProperty:
    return ssm.CfnPatchBaseline.RuleProperty(
        approve_after_days=days,
        compliance_level=level,
        patch_filter_group=ssm.CfnPatchBaseline.PatchFilterGroupProperty(
            patch_filters=[
                ssm.CfnPatchBaseline.PatchFilterProperty(key="CLASSIFICATION", values=[classification])
            ]
        ),
    )
