"""What Karpenter may launch, as its manifests (karpenter.sh/v1). Knows no construct.

Field names and rules are those of Karpenter's own definitions of release 1.14.
"""

from collections.abc import Sequence
from typing import Final

from stacks.ecommerce.compute import bottlerocket, placement

NODE_CLASS: Final = "bottlerocket"
# A node is replaced within a month whether it changed or not, so that none runs an image of last year.
_NODE_LIFE: Final = "720h"
# Pods that a disruption budget holds back longer than that are ended all the same.
_PATIENCE: Final = "1h"


def node_class(
    *,
    profile: str,
    subnets: Sequence[str],
    security_group: str,
    disk_gib: int,
    key_arn: str,
    tags: dict[str, str],
) -> dict[str, object]:
    """How such a node starts: as one of the groups (launch_template.py). `profile`: its instance profile's name."""

    def disk(device: str, gib: int) -> dict[str, object]:
        return {
            "deviceName": device,
            "ebs": {
                "volumeType": "gp3",
                "volumeSize": f"{gib}Gi",
                "encrypted": True,
                "kmsKeyID": key_arn,
                "deleteOnTermination": True,
            },
        }

    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": NODE_CLASS},
        "spec": {
            "amiSelectorTerms": [{"alias": f"bottlerocket@v{bottlerocket.VERSION}"}],
            "instanceProfile": profile,
            "subnetSelectorTerms": [{"id": subnet} for subnet in subnets],
            "securityGroupSelectorTerms": [{"id": security_group}],
            "associatePublicIPAddress": False,
            "metadataOptions": {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                "httpPutResponseHopLimit": 1,
            },
            "blockDeviceMappings": [
                disk(bottlerocket.SYSTEM_DISK, bottlerocket.SYSTEM_DISK_GIB),
                disk(bottlerocket.DATA_DISK, disk_gib),
            ],
            "userData": bottlerocket.SETTINGS,
            "tags": tags,
        },
    }


def burst(*, cpus: int) -> dict[str, object]:
    """On demand, for what the base group has no room for: a sale, a failover. At most `cpus` vCPUs."""
    return _pool("burst", "on-demand", cpus, consolidate_after="5m")


def batch(*, cpus: int) -> dict[str, object]:
    """On Spot, for jobs alone: gone a minute after the last."""
    return _pool(
        placement.BATCH,
        "spot",
        cpus,
        consolidate_after="1m",
        labels=dict(placement.BATCH_SELECTOR),
        taints=[dict(placement.BATCH_TAINT)],
    )


def _pool(
    name: str,
    capacity_type: str,
    cpus: int,
    *,
    consolidate_after: str,
    labels: dict[str, str] | None = None,
    taints: list[dict[str, str]] | None = None,
) -> dict[str, object]:
    """Any size of the compute, general and memory families of Graviton3 and later: Karpenter takes the one that the
    waiting pods' ratio of CPU to memory fits, which is the document's "variable instance types"."""
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {
            "template": {
                **({"metadata": {"labels": labels}} if labels else {}),
                "spec": {
                    "nodeClassRef": {
                        "group": "karpenter.k8s.aws",
                        "kind": "EC2NodeClass",
                        "name": NODE_CLASS,
                    },
                    "requirements": [
                        _in(placement.ARCHITECTURE_LABEL, [placement.ARCHITECTURE]),
                        _in("karpenter.sh/capacity-type", [capacity_type]),
                        _in("karpenter.k8s.aws/instance-category", ["c", "m", "r"]),
                        {
                            "key": "karpenter.k8s.aws/instance-generation",
                            "operator": "Gt",
                            "values": ["6"],
                        },
                        _in("karpenter.k8s.aws/instance-cpu", ["2", "4", "8", "16"]),
                    ],
                    **({"taints": taints} if taints else {}),
                    "expireAfter": _NODE_LIFE,
                    "terminationGracePeriod": _PATIENCE,
                },
            },
            "limits": {"cpu": str(cpus)},
            "disruption": {
                "consolidationPolicy": "WhenEmptyOrUnderutilized",
                "consolidateAfter": consolidate_after,
                "budgets": [{"nodes": "20%"}],
            },
        },
    }


def _in(key: str, values: list[str]) -> dict[str, object]:
    return {"key": key, "operator": "In", "values": values}
