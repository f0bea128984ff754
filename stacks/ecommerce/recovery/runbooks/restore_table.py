"""Takes a table back to a time, beside the one that is there."""

from typing import Any

from stacks.ecommerce import names
from stacks.ecommerce.recovery.runbooks.steps import call, text, wait
from stacks.ecommerce.recovery.runbooks.steps import document as made
from stacks.ecommerce.services import CARTS


def document(stage: str | None) -> dict[str, Any]:
    """A new table in this region alone: a global table's replicas are not restored with it."""
    table = names.table(CARTS, stage)
    name = r"^[a-zA-Z0-9_.-]{3,255}$"
    return made(
        f"Restores {table} as it was at a time, as a table of its own",
        {
            "Source": text("The table", name, table),
            "Target": text("The new table's name", name, f"{table}-restored"),
            "Time": text("In UTC, as 2026-11-25T10:15:00Z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        },
        call(
            "Restore",
            "dynamodb",
            "RestoreTableToPointInTime",
            SourceTableName="{{ Source }}",
            TargetTableName="{{ Target }}",
            RestoreDateTime="{{ Time }}",
        ),
        wait(
            "WaitUntilItIsThere",
            "dynamodb",
            "DescribeTable",
            "$.Table.TableStatus",
            "ACTIVE",
            240,
            TableName="{{ Target }}",
        ),
    )
