"""How many nodes of which type run, by profile and region. Knows no construct.

The figures are a plan and no measurement. They follow requests_per_second of stacks/ecommerce/profiles.py with one
vCPU of a Graviton3 for 50 requests a second of the whole shop, which is what its five services in Java, Go and
Node.js can be expected to need together; and a third of the nodes may fail with their zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.topology import Region

_ZONES: Final = 3


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """A group of nodes of one size: `types` in the order in which EC2 is asked for them.

    `nodes`: in the primary; another region runs its capacity_percent of them, and not less than `at_least`.
    """

    types: tuple[str, ...]
    nodes: int
    at_least: int

    def nodes_in(self, region: Region) -> int:
        """How many run in `region` without a failover."""
        return max(self.at_least, -(-self.nodes * region.capacity_percent // 100))


@dataclass(frozen=True, slots=True)
class ClusterSize:
    """One profile's cluster.

    `base`: on demand, for the cluster's own pods and the shop's usual load. `batch`: on Spot. `disk_gib`: of a
    node, for images and logs. `burst_cpus`, `batch_cpus`: how many vCPUs Karpenter may add at most, on demand and
    on Spot; in every region the primary's, since that is what a failover brings.
    """

    base: NodeGroup
    batch: NodeGroup
    disk_gib: int
    burst_cpus: int
    batch_cpus: int

    @property
    def types(self) -> tuple[str, ...]:
        """All instance types of its groups."""
        return self.base.types + self.batch.types


# Spot capacity is had the better, the more types may be taken ("Best practices for Amazon EC2 Spot"); all of a
# group have the same number of vCPUs.
_SMALL_SPOT: Final = ("m7g.large", "m6g.large", "r7g.large", "r6g.large")
_LARGE_SPOT: Final = ("c7g.xlarge", "m7g.xlarge", "c6g.xlarge", "m6g.xlarge")

SIZES: Final[Mapping[ProfileName, ClusterSize]] = {
    # two nodes, as controllers of two replicas keep theirs apart; Karpenter makes a Spot node when a job waits
    "demo": ClusterSize(
        base=NodeGroup(("t4g.large",), nodes=2, at_least=2),
        batch=NodeGroup(_SMALL_SPOT, nodes=0, at_least=0),
        disk_gib=20,
        burst_cpus=8,
        batch_cpus=4,
    ),
    "standard": ClusterSize(
        base=NodeGroup(("m7g.xlarge", "m6g.xlarge"), nodes=_ZONES, at_least=_ZONES),
        batch=NodeGroup(_SMALL_SPOT, nodes=1, at_least=0),
        disk_gib=50,
        burst_cpus=48,
        batch_cpus=16,
    ),
    "peak": ClusterSize(
        base=NodeGroup(("m7g.xlarge", "m6g.xlarge"), nodes=8 * _ZONES, at_least=2 * _ZONES),
        batch=NodeGroup(_LARGE_SPOT, nodes=3, at_least=1),
        disk_gib=50,
        burst_cpus=480,
        batch_cpus=64,
    ),
}
