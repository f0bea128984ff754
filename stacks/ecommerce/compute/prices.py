"""What a cluster costs a month, for the settings table. Knows no construct; a test holds it to the templates."""

from collections.abc import Iterable
from typing import Final

from stacks import platform_prices, prices
from stacks.ecommerce.compute.sizes import ClusterSize
from stacks.ecommerce.topology import Region
from stacks.region_prices import UnknownPriceError, price_in

_SYSTEM_DISK_GIB: Final = 4


def cluster(region: Region, size: ClusterSize) -> float:
    """US dollars a month of the cluster of `region` before traffic, logs, Spot, Fargate and what Karpenter adds.

    Raises UnknownPriceError for a region or a type whose price is not known.
    """
    if size.base.types[0] not in platform_prices.NODE:
        raise UnknownPriceError(
            f"the price of {size.base.types[0]} is not known: add it in stacks/platform_prices.py"
        )
    node = price_in(region.name, platform_prices.NODE[size.base.types[0]]).monthly
    disk = price_in(region.name, platform_prices.DISK).usd * (size.disk_gib + _SYSTEM_DISK_GIB)
    return (
        platform_prices.CONTROL_PLANE.monthly
        + size.base.nodes_in(region) * (node + disk)
        + prices.ENCRYPTION_KEY.usd
    )


def told(regions: Iterable[Region], size: ClusterSize) -> str:
    """The sum of `cluster` as text; a region without prices must not keep the settings from being read."""
    try:
        return f"{sum(cluster(region, size) for region in regions):.2f}"
    except UnknownPriceError as error:
        return f"unknown ({error})"
