"""The pods of a service. Knows no construct."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.compute import placement
from stacks.ecommerce.services import PORT, Service
from stacks.ecommerce.workload import pod
from stacks.ecommerce.workload.manifest import Manifest, environment, labels, manifest, selector
from stacks.ecommerce.workload.priority_class import SERVING
from stacks.ecommerce.workload.programs import PROGRAMS, pre_stop_seconds
from stacks.ecommerce.workload.secret_files import PodSecret
from stacks.ecommerce.workload.sizes import PodSize

_PROBE_SECONDS: Final = 5


def deployment(
    service: Service,
    *,
    size: PodSize,
    variables: Mapping[str, str | Manifest],
    secret: PodSecret | None = None,
    files: Mapping[str, Mapping[str, str]] | None = None,
    standby: bool = False,
) -> Manifest:
    """The Deployment of `service`.

    `files`: mounted folders, each by the name of the ConfigMap that is in it, with its contents: a change of them
    rolls the pods. `standby`: there are no pods until somebody scales it; otherwise the autoscaler alone says how
    many, as a number here would be set back by every deploy.
    """
    spec: Manifest = {
        "revisionHistoryLimit": 3,
        "minReadySeconds": 10,
        "progressDeadlineSeconds": 600,
        # never fewer than there were
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": "25%"}},
        "selector": {"matchLabels": selector(service.name)},
        "template": {
            "metadata": _pod_metadata(service, files or {}),
            "spec": _pod(service, size, variables, secret, files or {}),
        },
    }
    if standby:
        spec = {"replicas": 0, **spec}
    return manifest("apps/v1", "Deployment", service.name, spec=spec)


def _pod_metadata(service: Service, files: Mapping[str, Mapping[str, str]]) -> Manifest:
    metadata: Manifest = {
        "labels": {**labels(service.name), **(placement.FARGATE_LABELS if service.bursty else {})}
    }
    if files:
        digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        metadata["annotations"] = {"shop/files": digest[:16]}
    return metadata


def _pod(
    service: Service,
    size: PodSize,
    variables: Mapping[str, str | Manifest],
    secret: PodSecret | None,
    files: Mapping[str, Mapping[str, str]],
) -> Manifest:
    mounts = [pod.writable()]
    if secret:
        mounts.append(secret.volume())
    mounts += [
        (
            {"name": name, "configMap": {"name": name, "defaultMode": 0o444}},
            {"name": name, "mountPath": folder(name), "readOnly": True},
        )
        for name in files
    ]
    spec: Manifest = {
        **pod.pod_defaults(service.name),
        "priorityClassName": SERVING,
        "terminationGracePeriodSeconds": PROGRAMS[service.name].grace_seconds,
        "containers": [
            {
                "name": service.name,
                "image": service.image,
                "imagePullPolicy": "IfNotPresent",
                "ports": [{"name": "http", "containerPort": PORT, "protocol": "TCP"}],
                "env": environment(variables),
                "resources": _resources(size),
                "securityContext": pod.container_security(),
                "lifecycle": {"preStop": {"sleep": {"seconds": pre_stop_seconds()}}},
                **_probes(service, secret),
                "volumeMounts": [mount for _, mount in mounts],
            }
        ],
        "volumes": [volume for volume, _ in mounts],
    }
    if not service.bursty:
        spec |= {
            "nodeSelector": placement.ARCHITECTURE_SELECTOR,
            "topologySpreadConstraints": _spread(service.name),
        }
    return spec


def folder(config_map: str) -> str:
    """Where the files of `config_map` are in the container."""
    return f"/etc/shop/{config_map}"


def _resources(size: PodSize) -> Manifest:
    memory = f"{size.mebibytes}Mi"
    return {
        "requests": {"cpu": f"{size.millicores}m", "memory": memory, "ephemeral-storage": "256Mi"},
        "limits": {"cpu": f"{size.most_millicores}m", "memory": memory, "ephemeral-storage": "512Mi"},
    }


def _probes(service: Service, secret: PodSecret | None) -> Manifest:
    program = PROGRAMS[service.name]
    answers = {"httpGet": {"path": program.alive, "port": "http"}}
    return {
        "startupProbe": {
            **answers,
            "periodSeconds": _PROBE_SECONDS,
            "timeoutSeconds": 2,
            "failureThreshold": program.start_seconds // _PROBE_SECONDS,
        },
        "readinessProbe": {
            "httpGet": {"path": service.health, "port": "http"},
            "periodSeconds": _PROBE_SECONDS,
            "timeoutSeconds": 2,
            "failureThreshold": 3,
        },
        "livenessProbe": {
            **(secret.alive(program.alive) if secret else answers),
            "periodSeconds": 20,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
    }


def _spread(name: str) -> list[Manifest]:
    """Over zones first, then over nodes. Not `DoNotSchedule`: with a zone down, its share has to go to the others.
    Left out on Fargate, where each pod is a node of its own and AWS chooses its zone."""
    return [
        {
            "topologyKey": key,
            "maxSkew": 1,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector(name)},
            # the old release's pods do not count while a new one comes
            "matchLabelKeys": ["pod-template-hash"],
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
