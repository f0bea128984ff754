"""The runbooks: Automation documents of Systems Manager, a module each. Know no construct.

Each module has `document(stage)`, the document's content by schema 0.3 ("Data elements and parameters" of the AWS
Systems Manager User Guide).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from stacks.ecommerce.recovery.runbooks import (
    isolate_node,
    restore_database,
    restore_table,
    switch_region,
    update_nodes,
)

Document = dict[str, Any]

RUNBOOKS: Final[Mapping[str, Callable[[str | None], Document]]] = {
    "switch-region": switch_region.document,
    "restore-database": restore_database.document,
    "restore-table": restore_table.document,
    "isolate-node": isolate_node.document,
    "update-nodes": update_nodes.document,
}
"""By the name that `names.runbook` puts a prefix to."""
