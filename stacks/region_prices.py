"""What the prices of stacks/prices.py are in the other regions of the e-commerce platform.

Same pages, with a region chosen there; typed in from memory, and nothing checks them: look before it matters. (Of
the NAT gateway's in ap-southeast-1 a page of others says the same: basavytix.com, "AWS NAT Gateway Pricing",
read in November 2026.) A price that is in neither table is not known for other regions: asking for it raises,
rather than passing us-east-1's off as the region's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stacks import prices
from stacks.prices import Price

HOME: Final = "us-east-1"
"""The region of the list in stacks/prices.py."""

_SAME_EVERYWHERE: Final = frozenset(
    {prices.PUBLIC_IPV4, prices.ENCRYPTION_KEY, prices.INTERFACE_ENDPOINT_DATA}
)
_ELSEWHERE: Final[Mapping[Price, Mapping[str, float]]] = {
    prices.NAT_GATEWAY: {"eu-west-1": 0.048, "ap-southeast-1": 0.059},
    prices.NAT_DATA: {"eu-west-1": 0.048, "ap-southeast-1": 0.059},
    prices.INTERFACE_ENDPOINT: {"eu-west-1": 0.011, "ap-southeast-1": 0.013},
    prices.LOG_INGESTION: {"eu-west-1": 0.57, "ap-southeast-1": 0.70},
    prices.LOG_STORAGE: {"eu-west-1": 0.03, "ap-southeast-1": 0.03},
}


class UnknownPriceError(ValueError):
    """There is no such price for the region here."""


def price_in(region: str, price: Price) -> Price:
    """`price` as it is in `region`; raises UnknownPriceError."""
    if region == HOME or price in _SAME_EVERYWHERE:
        return price
    try:
        return replace(price, usd=_ELSEWHERE[price][region])
    except KeyError:
        raise UnknownPriceError(
            f"the price per {price.unit} ({price.source}) is not known for {region}: add it in "
            "stacks/region_prices.py"
        ) from None
