"""The identity of a service's pods. Knows no construct."""

from stacks.ecommerce.workload.manifest import Manifest, manifest


def service_account(name: str) -> Manifest:
    """The account of `name`'s pods, without a token of Kubernetes' API: none of them asks it for anything. The
    tokens of Pod Identity are another thing and come without it."""
    return manifest("v1", "ServiceAccount", name, automountServiceAccountToken=False)
