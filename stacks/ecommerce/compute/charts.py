"""The Helm charts of the cluster: where each comes from and its pinned version. Knows no construct.

Both charts come from AWS. Their newest stored releases of August 2026 were read; each names the image by tag, and
Karpenter's by digest too.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Chart:
    """`name` within `repository`; a chart of an OCI registry has no name of its own."""

    repository: str
    version: str
    name: str = ""

    @property
    def chart(self) -> str:
        """As Helm takes it beside the repository."""
        return self.name or self.repository.rsplit("/", 1)[-1]


# Kubernetes 1.35 needs 1.9 and 1.36 needs 1.13: Karpenter, "Compatibility".
KARPENTER_CRDS: Final = Chart("oci://public.ecr.aws/karpenter/karpenter-crd", "1.14.1")
KARPENTER: Final = Chart("oci://public.ecr.aws/karpenter/karpenter", "1.14.1")
LOAD_BALANCER_CONTROLLER: Final = Chart(
    "https://aws.github.io/eks-charts", "3.5.0", "aws-load-balancer-controller"
)
