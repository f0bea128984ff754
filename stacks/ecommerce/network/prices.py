"""What phase 1 costs a month, for the settings table; review/cost.py computes the same from the templates."""

from collections.abc import Iterable
from typing import Final

from stacks import prices
from stacks.ecommerce.network.endpoint_services import INTERFACE_ENDPOINTS
from stacks.ecommerce.profiles import Profile
from stacks.ecommerce.topology import Region
from stacks.region_prices import UnknownPriceError, price_in

_ZONES: Final = 3


def networks(regions: Iterable[Region], profile: Profile) -> float:
    """US dollars a month of the networks of `regions` before traffic: NAT gateways, their addresses, and a key.

    Raises UnknownPriceError for a region whose prices are not known.
    """
    return sum(
        profile.nat_gateways
        * (price_in(region.name, prices.NAT_GATEWAY).monthly + prices.PUBLIC_IPV4.monthly)
        + prices.ENCRYPTION_KEY.usd
        for region in regions
    )


def interface_endpoints(regions: Iterable[Region]) -> float:
    """US dollars a month of the interface endpoints in all zones of `regions`, before traffic.

    Raises UnknownPriceError for a region whose prices are not known.
    """
    return sum(
        len(INTERFACE_ENDPOINTS) * _ZONES * price_in(region.name, prices.INTERFACE_ENDPOINT).monthly
        for region in regions
    )


def told(regions: Iterable[Region], profile: Profile | None) -> str:
    """The amount of `networks`, or without a profile of `interface_endpoints`, as text.

    A region without prices must not keep the settings, which are also those of site and counter, from being read.
    """
    try:
        amount = interface_endpoints(regions) if profile is None else networks(regions, profile)
    except UnknownPriceError as error:
        return f"unknown ({error})"
    return f"{amount:.2f}"
