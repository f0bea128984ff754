"""Batch work that runs on a schedule, on Spot capacity. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.compute import placement
from stacks.ecommerce.workload import pod
from stacks.ecommerce.workload.deployment import folder
from stacks.ecommerce.workload.manifest import Manifest, environment, labels, manifest
from stacks.ecommerce.workload.priority_class import BATCH

_DEADLINE_SECONDS: Final = 600


def cron_job(
    name: str, *, minute: int, image: str, script: str, variables: Mapping[str, str], config_map: str
) -> Manifest:
    """Runs `script` of `config_map` at `minute` of each hour. One at a time; again when its node is taken away,
    which is no failure; given up after ten minutes, so that the next starts fresh."""
    tmp_volume, tmp_mount = pod.writable()
    pod_spec = {
        **pod.pod_defaults(name),
        "priorityClassName": BATCH,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 30,
        "nodeSelector": {**placement.ARCHITECTURE_SELECTOR, **placement.BATCH_SELECTOR},
        "tolerations": [dict(placement.BATCH_TOLERATION)],
        "containers": [
            {
                "name": name,
                "image": image,
                "imagePullPolicy": "IfNotPresent",
                "command": ["bash", f"{folder(config_map)}/{script}"],
                "env": environment({"HOME": "/tmp", **variables}),  # noqa: S108  # in the container
                "resources": {
                    "requests": {"cpu": "100m", "memory": "256Mi"},
                    "limits": {"cpu": "500m", "memory": "256Mi"},
                },
                "securityContext": pod.container_security(),
                "volumeMounts": [
                    tmp_mount,
                    {"name": config_map, "mountPath": folder(config_map), "readOnly": True},
                ],
            }
        ],
        "volumes": [
            tmp_volume,
            {"name": config_map, "configMap": {"name": config_map, "defaultMode": 0o444}},
        ],
    }
    return manifest(
        "batch/v1",
        "CronJob",
        name,
        spec={
            "schedule": f"{minute} * * * *",
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "startingDeadlineSeconds": 1800,
            "successfulJobsHistoryLimit": 1,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "spec": {
                    "backoffLimit": 3,
                    "activeDeadlineSeconds": _DEADLINE_SECONDS,
                    "ttlSecondsAfterFinished": 86_400,
                    "podFailurePolicy": {
                        "rules": [
                            {
                                "action": "Ignore",
                                "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                            }
                        ]
                    },
                    "template": {"metadata": {"labels": labels(name)}, "spec": pod_spec},
                }
            },
        },
    )
