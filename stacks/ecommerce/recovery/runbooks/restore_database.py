"""Takes the orders' database back to a time, beside the one that is there."""

from typing import Any

from stacks.ecommerce import names
from stacks.ecommerce.recovery.runbooks.steps import call, text, wait
from stacks.ecommerce.recovery.runbooks.steps import document as made


def document(stage: str | None) -> dict[str, Any]:
    """A new instance: the one that is there is not touched. Which orders to take over is a person's decision."""
    database = names.database(stage)
    return made(
        f"Restores {database} as it was at a time, as an instance of its own with the same network, group and key",
        {
            "Source": text("The instance", r"^[a-z][a-z0-9-]{0,62}$", database),
            "Target": text("The new instance's name", r"^[a-z][a-z0-9-]{0,62}$", f"{database}-restored"),
            "Time": text("In UTC, as 2026-11-25T10:15:00Z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        },
        call(
            "Look",
            "rds",
            "DescribeDBInstances",
            {
                "SubnetGroup": "$.DBInstances[0].DBSubnetGroup.DBSubnetGroupName",
                "SecurityGroups": "$.DBInstances[0].VpcSecurityGroups[*].VpcSecurityGroupId",
                "ParameterGroup": "$.DBInstances[0].DBParameterGroups[0].DBParameterGroupName",
            },
            DBInstanceIdentifier="{{ Source }}",
        ),
        call(
            "Restore",
            "rds",
            "RestoreDBInstanceToPointInTime",
            SourceDBInstanceIdentifier="{{ Source }}",
            TargetDBInstanceIdentifier="{{ Target }}",
            RestoreTime="{{ Time }}",
            DBSubnetGroupName="{{ Look.SubnetGroup }}",
            VpcSecurityGroupIds="{{ Look.SecurityGroups }}",
            DBParameterGroupName="{{ Look.ParameterGroup }}",
            PubliclyAccessible=False,
            DeletionProtection=True,
            CopyTagsToSnapshot=True,
            Tags=[{"Key": "platform", "Value": "ecommerce"}],
        ),
        wait(
            "WaitUntilItIsThere",
            "rds",
            "DescribeDBInstances",
            "$.DBInstances[0].DBInstanceStatus",
            "available",
            120,
            DBInstanceIdentifier="{{ Target }}",
        ),
    )
