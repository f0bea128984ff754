"""The pods on Fargate of a stack's manifests, which no other resource tells."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from stacks.ecommerce.compute.placement import FARGATE_LABELS

Properties = Mapping[str, Any]

_GIB: Final = 1024
_KUBERNETES_ITSELF_MIB: Final = 256
# "AWS Fargate" of the Amazon EKS User Guide, "Pod CPU and memory": vCPU, and the GB of memory that it can have.
_SIZES: Final[tuple[tuple[float, tuple[float, ...]], ...]] = (
    (0.25, (0.5, 1, 2)),
    (0.5, tuple(range(1, 5))),
    (1, tuple(range(2, 9))),
    (2, tuple(range(4, 17))),
    (4, tuple(range(8, 31))),
)


def pods(properties: Properties) -> Iterator[tuple[int, float, float]]:
    """How many pods, vCPUs and GB of each workload on Fargate in a resource of manifests, at least."""
    manifests = _manifests(properties["Manifest"])
    least = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicas"]
        for each in manifests
        if each["kind"] == "HorizontalPodAutoscaler"
    }
    for each in manifests:
        if each["kind"] != "Deployment":
            continue
        template = each["spec"]["template"]
        labels = template["metadata"].get("labels", {})
        if any(labels.get(name) != value for name, value in FARGATE_LABELS.items()):
            continue
        count = least.get(each["metadata"]["name"], each["spec"].get("replicas") or 1)
        yield (int(count), *_size(template["spec"]["containers"]))


def _manifests(given: object) -> list[Properties]:
    """Of a resource's text, whose references do not matter here."""
    if isinstance(given, Mapping):
        _, parts = given["Fn::Join"]
        given = "".join(part if isinstance(part, str) else "-" for part in parts)
    found: list[Properties] = json.loads(str(given))
    return found


def _size(containers: list[Properties]) -> tuple[float, float]:
    """What Fargate makes of the requests: the next size that it has, with what Kubernetes needs itself."""
    requests = [each["resources"]["requests"] for each in containers]
    cpus = sum(_cpus(each["cpu"]) for each in requests)
    gigabytes = (sum(_mebibytes(each["memory"]) for each in requests) + _KUBERNETES_ITSELF_MIB) / _GIB
    for size, memories in _SIZES:
        if cpus <= size and gigabytes <= memories[-1]:
            return size, next(memory for memory in memories if gigabytes <= memory)
    raise ValueError(f"no size of Fargate has {cpus} vCPU and {gigabytes} GB here")


def _cpus(text: str) -> float:
    return int(text.removesuffix("m")) / 1000 if text.endswith("m") else float(text)


def _mebibytes(text: str) -> int:
    if text.endswith("Mi"):
        return int(text.removesuffix("Mi"))
    if text.endswith("Gi"):
        return int(text.removesuffix("Gi")) * _GIB
    raise ValueError(f"{text} of memory: give Mi or Gi")
