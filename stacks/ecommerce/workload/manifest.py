"""What every Kubernetes object of the shop has in common. Knows no construct, as nothing does that makes manifests.

A manifest is plain data, as Kubernetes' API reference has it: it is checked against the API's schemas in tests,
written as YAML for reviewers, and handed to the cluster by workload_stack.py. Values may be CDK tokens.
"""

from collections.abc import Mapping
from typing import Any, Final

from stacks.ecommerce.services import NAMESPACE, RELEASE

Manifest = dict[str, Any]

MANAGED_BY: Final = "aws-cdk"


def selector(name: str) -> dict[str, str]:
    """The labels by which the pods of `name` are selected; a Deployment's cannot be changed."""
    return {"app.kubernetes.io/name": name}


def labels(name: str) -> dict[str, str]:
    """The labels of `name`'s objects: Kubernetes' "Recommended Labels"."""
    return {
        **selector(name),
        "app.kubernetes.io/version": RELEASE,
        "app.kubernetes.io/part-of": NAMESPACE,
        "app.kubernetes.io/managed-by": MANAGED_BY,
    }


def manifest(
    api_version: str, kind: str, name: str, *, namespaced: bool = True, of: str | None = None, **body: object
) -> Manifest:
    """An object `name`; `of`: the service that it belongs to, if that has another name."""
    metadata: Manifest = {"name": name, "labels": labels(of or name)}
    if namespaced:
        metadata["namespace"] = NAMESPACE
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **body}


def environment(values: Mapping[str, str | Manifest]) -> list[Manifest]:
    """Variables of a container: text, or where to take it from. In the given order, as `$(NAME)` in one refers to
    another before it."""
    return [
        {"name": name, "value": value} if isinstance(value, str) else {"name": name, "valueFrom": value}
        for name, value in values.items()
    ]
