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

Place = Literal["every region", "primary", "replicas", "us-east-1"]
"""replicas: every region but the primary."""

# Where AWS keeps what belongs to CloudFront, billing and other services that are in no region.
GLOBAL: Final = "us-east-1"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of stack: `layer` is its folder, `phase` the one that brings it, `place` who has it."""

    layer: Layer
    phase: Phase
    place: Place


PARTS: Final[Mapping[str, Part]] = {
    "Keys": Part("security", 1, "every region"),
    "Network": Part("network", 1, "every region"),
    "Cluster": Part("compute", 2, "every region"),
}
"""In the order of their deployment within a region; a test holds it together with stage.py."""


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
    return {
        "every region": everywhere,
        "primary": [primary],
        "replicas": [name for name in everywhere if name != primary],
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
