"""Which parts of a secret of Secrets Manager become files and a Kubernetes Secret. Knows no construct."""

import json
from collections.abc import Iterable

from stacks.ecommerce.workload.manifest import Manifest, manifest


def secret_provider_class(
    name: str, *, of: str, region: str, secret_id: str, fields: Iterable[str]
) -> Manifest:
    """For the Secrets Store CSI driver with AWS' provider: `fields` of the JSON in `secret_id`, as files of pods
    that mount it and as the Secret `name` for their variables, which exists as long as such a pod does. With the
    pod's own identity: nobody else's may read it.

    `secret_id`: the name of the secret, which its replica in `region` has too.
    """
    wanted = list(fields)
    return manifest(
        "secrets-store.csi.x-k8s.io/v1",
        "SecretProviderClass",
        name,
        of=of,
        spec={
            "provider": "aws",
            "parameters": {
                "region": region,
                "usePodIdentity": "true",
                # JSON is YAML, which the provider reads
                "objects": json.dumps(
                    [
                        {
                            "objectName": secret_id,
                            "objectType": "secretsmanager",
                            "jmesPath": [{"path": field, "objectAlias": field} for field in wanted],
                        }
                    ]
                ),
            },
            "secretObjects": [
                {
                    "secretName": name,
                    "type": "Opaque",
                    "data": [{"objectName": field, "key": field} for field in wanted],
                }
            ],
        },
    )
