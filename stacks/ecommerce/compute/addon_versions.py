"""The pinned versions of the cluster's add-ons, by version of Kubernetes. Knows no construct.

Pinned, so that three regions run the same and a deploy changes nothing that is not in its commit. To be renewed
with each version of Kubernetes: `aws eks describe-addon-versions --kubernetes-version 1.35`.

Those of 1.35 are AWS's defaults of October 2026, as others published that command's answer; the rest are from
public configurations of others of the second half of 2026. None was asked of AWS: the first deploy proves them,
since EKS refuses a version that does not exist.
"""

from collections.abc import Mapping
from typing import Final, Literal

from stacks.ecommerce.compute import kubernetes_versions

Addon = Literal[
    "vpc-cni",
    "kube-proxy",
    "coredns",
    "eks-pod-identity-agent",
    "eks-node-monitoring-agent",
    "metrics-server",
    "aws-secrets-store-csi-driver-provider",
    "amazon-cloudwatch-observability",
]

_EVERY: Final[Mapping[Addon, str]] = {
    "vpc-cni": "v1.22.4-eksbuild.3",
    "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
    "eks-node-monitoring-agent": "v1.6.4-eksbuild.1",
    "metrics-server": "v0.8.1-eksbuild.10",
    "aws-secrets-store-csi-driver-provider": "v2.1.1-eksbuild.1",
    "amazon-cloudwatch-observability": "v5.4.0-eksbuild.1",
}
# kube-proxy goes with the version of Kubernetes, and CoreDNS mostly.
VERSIONS: Final[Mapping[kubernetes_versions.Name, Mapping[Addon, str]]] = {
    "1.33": {**_EVERY, "kube-proxy": "v1.33.10-eksbuild.2", "coredns": "v1.12.4-eksbuild.17"},
    "1.34": {**_EVERY, "kube-proxy": "v1.34.6-eksbuild.18", "coredns": "v1.13.2-eksbuild.11"},
    "1.35": {**_EVERY, "kube-proxy": "v1.35.3-eksbuild.29", "coredns": "v1.13.2-eksbuild.31"},
    "1.36": {**_EVERY, "kube-proxy": "v1.36.0-eksbuild.13", "coredns": "v1.14.3-eksbuild.3"},
}
