"""The platform's stacks: what each is called, in which layer and phase of the document it is, and where it goes.

Whoever refers to a stack from another region or from outside computes its name here. Knows no construct.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from stacks.ecommerce.topology import Topology

Layer = Literal[
    "network", "compute", "workload", "traffic", "data", "security", "recovery", "operations", "cost"
]
"""The document's layers, "Service Selection by Layer"; each is a folder of stacks/ecommerce."""

Phase = Literal[1, 2, 3, 4, 5]
"""The document's "Implementation Priority"."""

Place = Literal[
    "every region",
    "each of several",
    "primary",
    "replicas",
    "writers",
    "failover pair",
    "primary of the failover pair",
    "us-east-1",
]
"""each of several: every region, unless there is only one. replicas: every region but the primary. writers: those
that take writes, or may after a failover. The failover pair: the same, and none if there is no secondary."""

# Where AWS keeps what belongs to CloudFront, billing and other services that are in no region.
GLOBAL: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of stack: `layer` is its folder, `phase` the one that brings it, `place` who has it."""

    layer: Layer
    phase: Phase
    place: Place


PARTS: Final[Mapping[str, Part]] = {
    "Identity": Part("security", 1, "primary"),
    "Keys": Part("security", 1, "every region"),
    "Dns": Part("traffic", 1, "primary"),
    "Network": Part("network", 1, "every region"),
    "Cluster": Part("compute", 2, "every region"),
    "LoadBalancer": Part("traffic", 2, "every region"),
    "Database": Part("data", 2, "primary"),
    "Tables": Part("data", 3, "primary"),
    "Cache": Part("data", 3, "every region"),
    "Storage": Part("data", 3, "every region"),
    "Api": Part("traffic", 3, "every region"),
    "Routing": Part("traffic", 3, "primary"),
    "Edge": Part("traffic", 3, "us-east-1"),
    "Workload": Part("workload", 3, "every region"),
    "Events": Part("operations", 4, "every region"),
    "Monitoring": Part("operations", 4, "every region"),
    "Audit": Part("operations", 4, "primary"),
    "EdgeFirewall": Part("security", 4, "us-east-1"),
    "Firewall": Part("security", 4, "every region"),
    "Secrets": Part("security", 4, "primary"),
    "Customers": Part("security", 4, "primary"),
    "Detection": Part("security", 4, "every region"),
    "DatabaseReplica": Part("data", 5, "replicas"),
    "Replication": Part("data", 5, "each of several"),
    "Backup": Part("recovery", 5, "writers"),
    "Failover": Part("recovery", 5, "failover pair"),
    "Recovery": Part("recovery", 5, "primary of the failover pair"),
    "Runbooks": Part("recovery", 5, "every region"),
    "Canaries": Part("operations", 5, "every region"),
    "Cost": Part("cost", 5, "us-east-1"),
}
"""By phase; a test holds it together with stage.py."""

LAST_PHASE: Final = max(part.phase for part in PARTS.values())


def stack_name(part: str, region: str, stage: str | None) -> str:
    """`EcommerceNetwork-us-east-1`, with a stage `EcommerceNetwork-us-east-1-dev`; far below the 128 characters
    that CloudFormation takes. Raises KeyError for a part that is not in `PARTS`."""
    if part not in PARTS:
        raise KeyError(part)
    return f"Ecommerce{part}-{region}{f'-{stage}' if stage else ''}"


def regions_of(part: Part, topology: Topology) -> list[str]:
    """The regions that have a stack of `part`."""
    primary = topology.primary.name
    everywhere = [region.name for region in topology.regions]
    writers = [region.name for region in (topology.primary, topology.secondary) if region]
    return {
        "every region": everywhere,
        "each of several": everywhere if len(everywhere) > 1 else [],
        "primary": [primary],
        "replicas": [name for name in everywhere if name != primary],
        "writers": writers,
        "failover pair": writers if topology.secondary else [],
        "primary of the failover pair": [primary] if topology.secondary else [],
        "us-east-1": [GLOBAL],
    }[part.place]


def stack_names(topology: Topology, *, phase: int, stage: str | None) -> dict[str, str]:
    """The region of each stack up to `phase`, by the stack's name."""
    return {
        stack_name(name, region, stage): region
        for name, part in PARTS.items()
        if part.phase <= phase
        for region in regions_of(part, topology)
    }
