"""What AWS Backup does with a region's data, and how often."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge, managed_policy

# "AWS managed policies for AWS Backup"
_POLICIES: Final = (
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)


class RegionBackupPlan(Construct):
    """Keeps the `resources` (ARNs) restorable to any second of `point_in_time`, and copies them to `copies_to`.

    Two rules, as a continuous recovery point cannot be copied to another region ("Point-in-time recovery" of the
    AWS Backup Developer Guide): the first answers a mistake in the data, the second the loss of the region's
    backups. `copies_to`: the other region's vault, none if there is no other. Exposes `role`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vault: backup.IBackupVault,
        copies_to: backup.IBackupVault | None,
        copies_per_day: int,
        copies_kept: Duration,
        point_in_time: Duration,
        resources: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        plan = backup.BackupPlan(
            self,
            "Plan",
            backup_plan_name=name,
            backup_vault=vault,
            backup_plan_rules=[
                backup.BackupPlanRule(
                    rule_name="Continuous",
                    enable_continuous_backup=True,
                    schedule_expression=events.Schedule.cron(hour="3", minute="0"),
                    delete_after=point_in_time,
                ),
                backup.BackupPlanRule(
                    rule_name="Copies",
                    schedule_expression=_times(copies_per_day),
                    start_window=Duration.hours(1),
                    completion_window=Duration.hours(6),
                    delete_after=copies_kept,
                    copy_actions=[
                        backup.BackupPlanCopyActionProps(
                            destination_backup_vault=copies_to, delete_after=copies_kept
                        )
                    ]
                    if copies_to
                    else None,
                ),
            ],
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in _POLICIES],
        )
        acknowledge(
            self.role,
            *map(managed_policy, _POLICIES),
            reason="AWS Backup's own policies: what its jobs need changes with the service, and the platform's "
            "permissions boundary holds for the role as well.",
        )
        selection = backup.BackupSelection(
            self,
            "Selection",
            backup_plan=plan,
            resources=[backup.BackupResource.from_arn(arn) for arn in resources],
            role=self.role.without_policy_updates(),
            disable_default_backup_policy=True,
        )
        selection.node.add_dependency(self.role)


def _times(per_day: int) -> events.Schedule:
    if per_day == 1:
        return events.Schedule.cron(hour="4", minute="0")
    return events.Schedule.cron(hour=f"*/{24 // per_day}" if per_day < 24 else "*", minute="30")
