"""What every pod of the shop is held to. Knows no construct."""

from typing import Final

from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.programs import USER

# The root is read-only: Tomcat's base folder and the JVM's own files go here.
_WRITABLE: Final = "/tmp"  # noqa: S108  # in the container
_WRITABLE_SIZE: Final = "128Mi"


def container_security() -> Manifest:
    """Nothing but the program: the `restricted` profile of "Pod Security Standards", and a read-only root."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def pod_security() -> Manifest:
    """The same of the pod; `fsGroup`: mounted secrets are readable to the program's group and to nobody else."""
    return {
        "runAsNonRoot": True,
        "runAsUser": USER,
        "runAsGroup": USER,
        "fsGroup": USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def writable() -> tuple[Manifest, Manifest]:
    """The one place to write to, as volume and as mount; a pod that fills it is evicted."""
    return (
        {"name": "tmp", "emptyDir": {"sizeLimit": _WRITABLE_SIZE}},
        {"name": "tmp", "mountPath": _WRITABLE},
    )


def pod_defaults(account: str) -> Manifest:
    """The part of a pod's spec that is the same in all of them; it runs as the service account `account`."""
    return {
        "serviceAccountName": account,
        "automountServiceAccountToken": False,
        # Variables as CATALOG_PORT=tcp://… for each Service of the namespace would be read as settings by the
        # sample's programs (`port`, `PORT`).
        "enableServiceLinks": False,
        "securityContext": pod_security(),
    }
