"""The pods that keep a secret in the cluster for those that cannot fetch it themselves. Knows no construct."""

from typing import Final

from stacks.ecommerce.compute import placement
from stacks.ecommerce.services import Service
from stacks.ecommerce.workload import pod
from stacks.ecommerce.workload.manifest import Manifest, labels, manifest, selector
from stacks.ecommerce.workload.priority_class import SERVING
from stacks.ecommerce.workload.secret_files import FOLDER, PodSecret, csi_volume

# The Secret goes with the last pod that mounts it, so there are two, on two nodes where there are two.
_REPLICAS: Final = 2


def keeper_name(secret: PodSecret) -> str:
    """Of the Deployment and its service account."""
    return f"{secret.name}-keeper"


def secret_keeper(service: Service, secret: PodSecret) -> Manifest:
    """A Deployment on nodes that mounts `secret` and sleeps, in the image of `service`, which has a shell and is
    pinned already. Fargate runs neither the CSI driver nor Pod Identity's agent, both DaemonSets."""
    name = keeper_name(secret)
    has_it = {"exec": {"command": ["test", "-s", f"{FOLDER}/password"]}}
    spread = {
        "topologyKey": "kubernetes.io/hostname",
        "maxSkew": 1,
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": selector(name)},
    }
    tmp_volume, tmp_mount = pod.writable()
    return manifest(
        "apps/v1",
        "Deployment",
        name,
        spec={
            "replicas": _REPLICAS,
            "revisionHistoryLimit": 3,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "selector": {"matchLabels": selector(name)},
            "template": {
                "metadata": {"labels": labels(name)},
                "spec": {
                    **pod.pod_defaults(name),
                    "priorityClassName": SERVING,
                    "terminationGracePeriodSeconds": 1,
                    "nodeSelector": placement.ARCHITECTURE_SELECTOR,
                    "topologySpreadConstraints": [spread],
                    "containers": [
                        {
                            "name": "keeper",
                            "image": service.image,
                            "imagePullPolicy": "IfNotPresent",
                            "command": ["sleep", "infinity"],
                            "resources": {
                                "requests": {"cpu": "10m", "memory": "32Mi"},
                                "limits": {"cpu": "50m", "memory": "32Mi"},
                            },
                            "securityContext": pod.container_security(),
                            "startupProbe": {**has_it, "periodSeconds": 5, "failureThreshold": 12},
                            "readinessProbe": {**has_it, "periodSeconds": 30},
                            "livenessProbe": {**has_it, "periodSeconds": 60},
                            "volumeMounts": [
                                tmp_mount,
                                {"name": "secret", "mountPath": FOLDER, "readOnly": True},
                            ],
                        }
                    ],
                    "volumes": [tmp_volume, csi_volume(secret.name)],
                },
            },
        },
    )
