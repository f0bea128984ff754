"""Who may talk to whom in the shop. Knows no construct.

The VPC CNI obeys these on nodes, not on Fargate: checkout's pods are only bound at the others' end, by the security
group and by what stands before their program (checkout_guard.cjs).
"""

from collections.abc import Iterable
from typing import Final

from stacks.ecommerce.services import PORT
from stacks.ecommerce.workload.manifest import Manifest, manifest, selector

POSTGRESQL: Final = 5432
REDIS: Final = 6379

# "Understand how EKS Pod Identity works": the agent on each node, from which the AWS SDKs get credentials.
_POD_IDENTITY_AGENT: Final = "169.254.170.23/32"
_HTTPS: Final = 443


def deny_all() -> Manifest:
    """Nothing in and nothing out, for every pod; what follows adds to it."""
    return manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "deny-all",
        spec={"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    )


def allow_names() -> Manifest:
    """Every pod may ask the cluster's DNS."""
    return manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "allow-names",
        spec={
            "podSelector": {},
            "policyTypes": ["Egress"],
            "egress": [
                {
                    "to": [
                        {
                            "namespaceSelector": {
                                "matchLabels": {"kubernetes.io/metadata.name": "kube-system"}
                            },
                            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
                        }
                    ],
                    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
                }
            ],
        },
    )


def flows(
    name: str,
    *,
    callers: Iterable[str] = (),
    caller_cidrs: Iterable[str] = (),
    callees: Iterable[str] = (),
    egress: Iterable[Manifest] = (),
) -> Manifest:
    """What the pods of `name` may: be asked at the shop's port by the services `callers` and from `caller_cidrs`,
    the load balancer's; ask the services `callees` there; and `egress`, rules of their own."""
    port = [{"port": PORT, "protocol": "TCP"}]
    sources = [*_pods(callers), *_blocks(caller_cidrs)]
    asked = _pods(callees)
    spec: Manifest = {
        "podSelector": {"matchLabels": selector(name)},
        "policyTypes": ["Ingress", "Egress"],
        # An empty list of sources would mean everybody.
        "ingress": [{"from": sources, "ports": port}] if sources else [],
        "egress": [*([{"to": asked, "ports": port}] if asked else []), *egress],
    }
    return manifest("networking.k8s.io/v1", "NetworkPolicy", name, spec=spec)


def to_data(cidrs: Iterable[str], port: int) -> list[Manifest]:
    """To a database or cache in the isolated subnets."""
    return [{"to": _blocks(cidrs), "ports": [{"port": port, "protocol": "TCP"}]}]


def to_aws() -> list[Manifest]:
    """To AWS' APIs with the pod's identity. Their addresses are public ones, also behind a gateway endpoint, and
    policies know no names; which API may be asked is IAM's to say."""
    return [
        {"to": _blocks([_POD_IDENTITY_AGENT]), "ports": [{"port": 80, "protocol": "TCP"}]},
        {"to": _blocks(["0.0.0.0/0"]), "ports": [{"port": _HTTPS, "protocol": "TCP"}]},
    ]


def _pods(names: Iterable[str]) -> list[Manifest]:
    return [{"podSelector": {"matchLabels": selector(name)}} for name in names]


def _blocks(cidrs: Iterable[str]) -> list[Manifest]:
    return [{"ipBlock": {"cidr": cidr}} for cidr in cidrs]
