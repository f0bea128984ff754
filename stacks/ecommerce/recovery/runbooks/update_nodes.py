"""Brings the nodes to the newest image of their Kubernetes version: they are replaced, and not patched."""

from typing import Any

from stacks.ecommerce import names
from stacks.ecommerce.recovery.runbooks.steps import call, text, wait
from stacks.ecommerce.recovery.runbooks.steps import document as made


def document(stage: str | None) -> dict[str, Any]:
    """One node group after the other; EKS drains each node first, within the disruption budgets."""
    cluster = names.cluster(stage)
    return made(
        f"Updates every managed node group of the cluster {cluster} to its newest image",
        {"Cluster": text("The cluster", r"^[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}$", cluster)},
        call(
            "Find",
            "eks",
            "ListNodegroups",
            {"Nodegroups": "$.nodegroups[*]"},
            clusterName="{{ Cluster }}",
        ),
        {
            "name": "EachInTurn",
            "action": "aws:loop",
            "inputs": {
                "Iterators": "{{ Find.Nodegroups }}",
                "IteratorDataType": "String",
                "Steps": [
                    call(
                        "Update",
                        "eks",
                        "UpdateNodegroupVersion",
                        clusterName="{{ Cluster }}",
                        nodegroupName="{{ EachInTurn.CurrentIteratorValue }}",
                    ),
                    wait(
                        "WaitUntilItIsDone",
                        "eks",
                        "DescribeNodegroup",
                        "$.nodegroup.status",
                        "ACTIVE",
                        120,
                        clusterName="{{ Cluster }}",
                        nodegroupName="{{ EachInTurn.CurrentIteratorValue }}",
                    ),
                ],
            },
        },
    )
