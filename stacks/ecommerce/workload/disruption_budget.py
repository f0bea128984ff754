"""How many pods of a service may be taken away at once. Knows no construct."""

from stacks.ecommerce.workload.manifest import Manifest, manifest, selector


def disruption_budget(name: str) -> Manifest:
    """One at a time, when nodes are drained. A number that must stay would hold up every drain where there is one
    pod only. One that is not ready may always go: without this, pods that never get ready keep a node for ever."""
    return manifest(
        "policy/v1",
        "PodDisruptionBudget",
        name,
        spec={
            "maxUnavailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": selector(name)},
        },
    )
