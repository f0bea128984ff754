"""The instance types of the nodes: size, pods, and where there are any. Knows no construct.

The document names Graviton2 (m6g, c6g). Graviton3 comes first here: "AWS Graviton processors" gives up to 25 % more
for 6 % more money, and its memory is encrypted, as on Graviton2. Graviton2 is what a group falls back to. Graviton4
is left to Karpenter, which takes what a region has: it is not in each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from stacks.ecommerce.zones import ZONES


@dataclass(frozen=True, slots=True)
class InstanceType:
    """One type: `cpus` are vCPUs, `memory_gib` GiB, `pods` the most that the VPC CNI has addresses for."""

    cpus: int
    memory_gib: int
    pods: int


# "Amazon EC2 instance types", and the list of pods per type of the VPC CNI (interfaces × (addresses - 1) + 2).
TYPES: Final[Mapping[str, InstanceType]] = {
    "t4g.large": InstanceType(2, 8, 35),
    "m6g.large": InstanceType(2, 8, 29),
    "m6g.xlarge": InstanceType(4, 16, 58),
    "m7g.large": InstanceType(2, 8, 29),
    "m7g.xlarge": InstanceType(4, 16, 58),
    "c6g.xlarge": InstanceType(4, 8, 58),
    "c7g.xlarge": InstanceType(4, 8, 58),
    "r6g.large": InstanceType(2, 16, 29),
    "r7g.large": InstanceType(2, 16, 29),
}

# "Amazon EC2 instance types by Region", from memory: the families above are in each region of zones.py but these.
_NOT_IN: Final[Mapping[str, frozenset[str]]] = {
    "c7g": frozenset(),
    "r7g": frozenset(),
}


def missing(region: str, types: Iterable[str]) -> list[str]:
    """Those of `types` that `region` has not, or of which that is not known."""
    return [
        name
        for name in types
        if name not in TYPES or region not in ZONES or region in _NOT_IN.get(name.split(".")[0], ())
    ]
