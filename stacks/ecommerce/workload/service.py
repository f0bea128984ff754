"""The name and address of a service within its cluster. Knows no construct."""

from stacks.ecommerce.services import NAMESPACE, PORT
from stacks.ecommerce.workload.manifest import Manifest, manifest, selector


def service(name: str) -> Manifest:
    """A Service of `name`'s pods. Its port is the container's: the VPC CNI's network policies ask for that ("Limit
    Pod traffic with Kubernetes network policies", considerations)."""
    return manifest(
        "v1",
        "Service",
        name,
        spec={
            "type": "ClusterIP",
            "selector": selector(name),
            "ports": [{"name": "http", "port": PORT, "targetPort": "http", "protocol": "TCP"}],
        },
    )


def url(name: str) -> str:
    """Where other pods of the cluster reach `name`."""
    return f"http://{name}.{NAMESPACE}.svc.cluster.local:{PORT}"
