"""How many pods a service has. Knows no construct."""

from typing import Final

from stacks.ecommerce.workload.manifest import Manifest, manifest
from stacks.ecommerce.workload.sizes import Replicas

# Percent of what the pods asked for: the rest is for the minute until a new pod answers.
TARGET_PERCENT: Final = 60


def autoscaler(name: str, replicas: Replicas) -> Manifest:
    """Between `replicas.least` and `.most` pods by their CPU: twice as many, or four more, every 15 s when it is
    busy, and a tenth fewer a minute once it has been quiet for five.

    A Deployment of 0 pods is left at 0 ("Implicit maintenance-mode deactivation"): that is how a standby waits.
    """
    return manifest(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        name,
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": replicas.least,
            "maxReplicas": replicas.most,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": TARGET_PERCENT},
                    },
                }
            ],
            "behavior": {
                "scaleUp": {
                    "stabilizationWindowSeconds": 0,
                    "selectPolicy": "Max",
                    "policies": [
                        {"type": "Percent", "value": 100, "periodSeconds": 15},
                        {"type": "Pods", "value": 4, "periodSeconds": 15},
                    ],
                },
                "scaleDown": {
                    "stabilizationWindowSeconds": 300,
                    "selectPolicy": "Max",
                    "policies": [{"type": "Percent", "value": 10, "periodSeconds": 60}],
                },
            },
        },
    )
