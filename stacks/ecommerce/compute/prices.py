"""What a cluster costs a month, for the settings table. Knows no construct.

List prices on demand, Linux, in US dollars, from memory as of November 2026 and by the titles "Amazon EKS Pricing",
"Amazon EC2 On-Demand Pricing", "Amazon EBS Pricing" and "AWS Key Management Service Pricing": look there before a
decision that hangs on one of them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from stacks import prices
from stacks.ecommerce.compute.sizes import ClusterSize
from stacks.ecommerce.topology import Region
from stacks.region_prices import UnknownPriceError

CONTROL_PLANE: Final = 0.10
"""An hour of a cluster, the same in every region, in standard support."""
EXTENDED_SUPPORT: Final = 0.60
"""An hour of a cluster whose version is in extended support, the control plane included."""

_NODE: Final[Mapping[str, Mapping[str, float]]] = {
    "t4g.large": {"us-east-1": 0.0672, "eu-west-1": 0.0736, "ap-southeast-1": 0.0848},
    "m7g.xlarge": {"us-east-1": 0.1632, "eu-west-1": 0.1822, "ap-southeast-1": 0.2040},
}
_DISK: Final[Mapping[str, float]] = {"us-east-1": 0.08, "eu-west-1": 0.088, "ap-southeast-1": 0.096}
"""A GB and month of gp3."""
_SYSTEM_DISK_GIB: Final = 4


def cluster(region: Region, size: ClusterSize) -> float:
    """US dollars a month of the cluster of `region` before traffic, logs, Spot, Fargate and what Karpenter adds.

    Raises UnknownPriceError for a region or type whose price is not known.
    """
    try:
        node = _NODE[size.base.types[0]][region.name] * prices.HOURS_PER_MONTH
        disk = _DISK[region.name] * (size.disk_gib + _SYSTEM_DISK_GIB)
    except KeyError:
        raise UnknownPriceError(
            f"the price of {size.base.types[0]} is not known for {region.name}: add it in "
            "stacks/ecommerce/compute/prices.py"
        ) from None
    return (
        CONTROL_PLANE * prices.HOURS_PER_MONTH
        + size.base.nodes_in(region) * (node + disk)
        + prices.ENCRYPTION_KEY.usd
    )


def told(regions: Iterable[Region], size: ClusterSize) -> str:
    """The sum of `cluster` as text; a region without prices must not keep the settings from being read."""
    try:
        return f"{sum(cluster(region, size) for region in regions):.2f}"
    except UnknownPriceError as error:
        return f"unknown ({error})"
