"""Secrets inside a pod, and how a pod notices that one was rotated. Knows no construct."""

from dataclasses import dataclass
from typing import Final

from stacks.ecommerce.services import PORT
from stacks.ecommerce.workload.manifest import Manifest

FIELDS: Final = ("username", "password")
"""Of the JSON in the secrets of database and cache."""

FOLDER: Final = "/var/run/shop-secret"


@dataclass(frozen=True, slots=True)
class PodSecret:
    """The secret `name` of one service: a SecretProviderClass and the Kubernetes Secret that comes of it.

    `started_with`: the variable in which the program gets its password. `mounted`: by the CSI driver, in the pod
    itself; else as a Kubernetes Secret that another pod keeps, as on Fargate, where the driver, a DaemonSet, cannot
    run.
    """

    name: str
    started_with: str
    mounted: bool

    def volume(self) -> tuple[Manifest, Manifest]:
        """As volume and as mount. The kubelet brings a new value here, but not into the variables."""
        if self.mounted:
            volume: Manifest = csi_volume(self.name)
        else:
            volume = {"name": "secret", "secret": {"secretName": self.name, "defaultMode": 0o440}}
        return volume, {"name": "secret", "mountPath": FOLDER, "readOnly": True}

    def variable(self, field: str) -> Manifest:
        """Where a variable takes `field` from."""
        return {"secretKeyRef": {"name": self.name, "key": field}}

    def alive(self, path: str) -> Manifest:
        """A liveness probe: the program answers `path`, and the password it was started with is still the one that
        was mounted since. A rotation so restarts the program, which then reads the new one; without this its next
        connection would be refused, for ever."""
        return {
            "exec": {
                "command": [
                    "sh",
                    "-c",
                    f'test "$(cat {FOLDER}/password)" = "${self.started_with}" && '
                    f"curl --fail --silent --max-time 2 --output /dev/null http://127.0.0.1:{PORT}{path}",
                ]
            }
        }


def csi_volume(secret_provider_class: str) -> Manifest:
    """A volume with the files of a SecretProviderClass."""
    return {
        "name": "secret",
        "csi": {
            "driver": "secrets-store.csi.k8s.io",
            "readOnly": True,
            "volumeAttributes": {"secretProviderClass": secret_provider_class},
        },
    }
