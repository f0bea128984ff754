"""What the network's settings cost a month; review/platform_cost.py computes the same from the templates."""

from collections.abc import Iterable
from typing import Final

from stacks import prices
from stacks.ecommerce.network.endpoint_services import INTERFACE_ENDPOINTS
from stacks.ecommerce.topology import Region
from stacks.region_prices import UnknownPriceError, price_in

_ZONES: Final = 3


def interface_endpoints(regions: Iterable[Region]) -> float:
    """US dollars a month of the interface endpoints in all zones of `regions`, before traffic.

    Raises UnknownPriceError for a region whose prices are not known.
    """
    return sum(
        len(INTERFACE_ENDPOINTS) * _ZONES * price_in(region.name, prices.INTERFACE_ENDPOINT).monthly
        for region in regions
    )


def told(regions: Iterable[Region]) -> str:
    """The amount of `interface_endpoints` as text.

    A region without prices must not keep the settings, which are also those of site and counter, from being read.
    """
    try:
        return f"{interface_endpoints(regions):.2f}"
    except UnknownPriceError as error:
        return f"unknown ({error})"
