"""Who is served first where nodes are short. Knows no construct."""

from typing import Final

from stacks.ecommerce.workload.manifest import Manifest, manifest

SERVING: Final = "shop-serving"
BATCH: Final = "shop-batch"


def priority_classes() -> list[Manifest]:
    """The shop's services before all without a class, and its batch work after them."""
    return [
        manifest(
            "scheduling.k8s.io/v1",
            "PriorityClass",
            SERVING,
            namespaced=False,
            value=100_000,
            globalDefault=False,
            preemptionPolicy="PreemptLowerPriority",
            description="What customers wait for",
        ),
        manifest(
            "scheduling.k8s.io/v1",
            "PriorityClass",
            BATCH,
            namespaced=False,
            value=-100,
            globalDefault=False,
            preemptionPolicy="Never",
            description="What can run later, and be interrupted",
        ),
    ]
