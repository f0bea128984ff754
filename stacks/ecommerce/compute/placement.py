"""How a pod says where it runs: what the nodes and the Fargate profile have, and manifests ask for.

Knows no construct: the cluster and the workload both read it.
"""

from collections.abc import Mapping
from typing import Final

ARCHITECTURE: Final = "arm64"
"""Of every node. Pods on Fargate are amd64: "AWS Fargate" of the Amazon EKS User Guide has no Arm, so a manifest
for Fargate must not have ARCHITECTURE_SELECTOR."""

ARCHITECTURE_LABEL: Final = "kubernetes.io/arch"
ARCHITECTURE_SELECTOR: Final[Mapping[str, str]] = {ARCHITECTURE_LABEL: ARCHITECTURE}

FARGATE_LABELS: Final[Mapping[str, str]] = {"compute": "fargate"}
"""A pod of the shop's namespace with these labels runs on Fargate."""

WORKLOAD_LABEL: Final = "workload"
BATCH: Final = "batch"
"""Nodes on Spot have the label `workload: batch` and a taint of the same, whoever made them."""

BATCH_SELECTOR: Final[Mapping[str, str]] = {WORKLOAD_LABEL: BATCH}
BATCH_TAINT: Final[Mapping[str, str]] = {"key": WORKLOAD_LABEL, "value": BATCH, "effect": "NoSchedule"}
BATCH_TOLERATION: Final[Mapping[str, str]] = {**BATCH_TAINT, "operator": "Equal"}
