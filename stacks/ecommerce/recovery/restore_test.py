"""Whether a backup can be restored: asked every week, and not on the day when it is needed."""

from aws_cdk import aws_backup as backup
from aws_cdk import aws_iam as iam
from constructs import Construct


class RestoreTest(Construct):
    """Restores the newest recovery point of `database` (an ARN) on Sundays, keeps it a day for a look, removes it.

    `name`: letters, digits and underscores ("Restore testing" of the AWS Backup Developer Guide).
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, role: iam.IRole, database: str
    ) -> None:
        super().__init__(scope, construct_id)
        plan = backup.CfnRestoreTestingPlan(
            self,
            "Plan",
            restore_testing_plan_name=name,
            schedule_expression="cron(0 5 ? * SUN *)",
            start_window_hours=8,
            recovery_point_selection=backup.CfnRestoreTestingPlan.RestoreTestingRecoveryPointSelectionProperty(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=["*"],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=7,
            ),
        )
        selection = backup.CfnRestoreTestingSelection(
            self,
            "Database",
            restore_testing_plan_name=name,
            restore_testing_selection_name=f"{name}_database",
            iam_role_arn=role.role_arn,
            protected_resource_type="RDS",
            protected_resource_arns=[database],
            validation_window_hours=24,
        )
        selection.add_dependency(plan)
