"""The shop's namespace: which pods may be in it, and how much they may take together. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.services import NAMESPACE
from stacks.ecommerce.workload.manifest import Manifest, manifest
from stacks.ecommerce.workload.sizes import PodSize, Replicas

# While a new release is rolled out, and for batch work and the keepers of secrets.
_ROOM_PERCENT: Final = 150
_SPARE_PODS: Final = 10
_SPARE_MILLICORES: Final = 4000
_SPARE_MEBIBYTES: Final = 8192


def namespace(kubernetes_version: str) -> Manifest:
    """`shop`, which refuses any pod that is not `restricted` ("Pod Security Standards"), as of the cluster's
    version: with `latest` an upgrade of the cluster could refuse pods that ran before it.

    The load balancer's controller adds its readiness gate to the pods: a rollout then waits until the load balancer
    calls the new pod healthy before the old one goes.
    """
    made = manifest("v1", "Namespace", NAMESPACE, namespaced=False)
    made["metadata"]["labels"] |= {
        "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
        **{
            f"pod-security.kubernetes.io/{mode}{suffix}": value
            for mode in ("enforce", "audit", "warn")
            for suffix, value in (("", "restricted"), ("-version", f"v{kubernetes_version}"))
        },
    }
    return made


def resource_quota(sized: Mapping[str, tuple[PodSize, Replicas]]) -> Manifest:
    """What all pods together may ask for: every autoscaler at its most, and half as much again. A mistake in one of
    them cannot buy nodes without end. And no way in beside the load balancer's."""
    pods = sum(replicas.most for _, replicas in sized.values())
    millicores = sum(size.millicores * replicas.most for size, replicas in sized.values())
    mebibytes = sum(size.mebibytes * replicas.most for size, replicas in sized.values())
    return manifest(
        "v1",
        "ResourceQuota",
        NAMESPACE,
        spec={
            "hard": {
                "pods": str(pods * _ROOM_PERCENT // 100 + _SPARE_PODS),
                "requests.cpu": f"{millicores * _ROOM_PERCENT // 100 + _SPARE_MILLICORES}m",
                "requests.memory": f"{mebibytes * _ROOM_PERCENT // 100 + _SPARE_MEBIBYTES}Mi",
                "services.loadbalancers": "0",
                "services.nodeports": "0",
                "persistentvolumeclaims": "0",
            }
        },
    )


def limit_range() -> Manifest:
    """What a container gets that names no resources, as the quota would refuse it otherwise."""
    return manifest(
        "v1",
        "LimitRange",
        NAMESPACE,
        spec={
            "limits": [
                {
                    "type": "Container",
                    "default": {"cpu": "500m", "memory": "256Mi"},
                    "defaultRequest": {"cpu": "100m", "memory": "128Mi"},
                }
            ]
        },
    )
