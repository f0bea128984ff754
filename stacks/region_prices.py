"""What the prices of stacks/prices.py and stacks/platform_prices.py are in the other regions of the platform.

Same pages, with a region chosen there; typed in from memory, and nothing checks them: look before it matters. (Of
the NAT gateway's in ap-southeast-1 a page of others says the same: basavytix.com, "AWS NAT Gateway Pricing",
read in November 2026.) A price that is in neither table is not known for other regions: asking for it raises,
rather than passing us-east-1's off as the region's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stacks import platform_prices, prices
from stacks.ecommerce.operations.prices import CANARY_RUN, COMPOSITE_ALARM, DATA_EVENTS, EVENTS, TRACES
from stacks.ecommerce.security.prices import ESSENTIALS, TAKEOVER
from stacks.ecommerce.traffic.prices import API_CACHE
from stacks.prices import Price

HOME: Final = "us-east-1"
"""The region of the list in stacks/prices.py."""

_SAME_EVERYWHERE: Final = frozenset(
    {
        prices.ALARM,
        prices.CUSTOM_METRIC,
        prices.DASHBOARD,
        prices.ENCRYPTION_KEY,
        prices.INTERFACE_ENDPOINT_DATA,
        prices.LAMBDA_CALLS,
        prices.LAMBDA_COMPUTE,
        prices.LOAD_BALANCER_CAPACITY,
        prices.PUBLIC_IPV4,
        prices.SECRET,
        prices.WAF_REQUESTS,
        prices.WAF_RULE,
        prices.WEB_ACL,
        platform_prices.CONTROL_PLANE,
        platform_prices.EXTENDED_SUPPORT,
        platform_prices.KEY_REQUESTS,
        platform_prices.QUEUE_REQUESTS,
        platform_prices.TRANSFER_TO_ZONE,
        COMPOSITE_ALARM,
        DATA_EVENTS,
        EVENTS,
        TAKEOVER,
        TRACES,
        # of services that are in no region, or whose page has one price
        prices.CLOUDFRONT_REQUESTS,
        prices.CLOUDFRONT_TRANSFER,
        platform_prices.DNS_QUERIES,
        ESSENTIALS,
    }
)
_ON_DEMAND: Final[Mapping[Price, Mapping[str, float]]] = {
    price: {"eu-west-1": ireland, "ap-southeast-1": singapore}
    for price, ireland, singapore in (
        (prices.NAT_GATEWAY, 0.048, 0.059),
        (prices.NAT_DATA, 0.048, 0.059),
        (prices.INTERFACE_ENDPOINT, 0.011, 0.013),
        (prices.LOG_INGESTION, 0.57, 0.70),
        (prices.LOG_STORAGE, 0.03, 0.03),
        (prices.LOAD_BALANCER, 0.0252, 0.0252),
        (prices.FARGATE_CPU["X86_64"], 0.04048, 0.05056),
        (prices.FARGATE_MEMORY["X86_64"], 0.004445, 0.00553),
        (prices.VALKEY_NODE["cache.t4g.micro"], 0.0136, 0.0192),
        (prices.VALKEY_NODE["cache.m7g.large"], 0.1395, 0.1572),
        (prices.VALKEY_NODE["cache.r7g.xlarge"], 0.3888, 0.4184),
        (prices.S3_STORAGE, 0.023, 0.025),
        (prices.S3_GET, 0.0004, 0.0004),
        (prices.S3_PUT, 0.005, 0.005),
        (platform_prices.NODE["t4g.large"], 0.0736, 0.0848),
        (platform_prices.NODE["m7g.large"], 0.0911, 0.1020),
        (platform_prices.NODE["m7g.xlarge"], 0.1822, 0.2040),
        (platform_prices.NODE["c7g.xlarge"], 0.1550, 0.1666),
        (platform_prices.DISK, 0.088, 0.096),
        (platform_prices.DATABASE["db.t4g.micro"], 0.018, 0.025),
        (platform_prices.DATABASE["db.m7g.large"], 0.185, 0.233),
        (platform_prices.DATABASE["db.r7g.2xlarge"], 1.070, 1.147),
        (platform_prices.DATABASE["db.r7g.4xlarge"], 2.140, 2.294),
        (platform_prices.DATABASE_STORAGE, 0.127, 0.138),
        (platform_prices.DATABASE_BACKUP, 0.095, 0.095),
        (platform_prices.TABLE_WRITES, 0.705, 0.713),
        (platform_prices.TABLE_READS, 0.1415, 0.1425),
        (platform_prices.TABLE_STORAGE, 0.283, 0.285),
        (platform_prices.TABLE_BACKUP, 0.226, 0.228),
        (platform_prices.API_CALLS, 3.50, 4.25),
        (platform_prices.TRANSFER_OUT, 0.09, 0.12),
        (platform_prices.TRANSFER_TO_REGION, 0.02, 0.09),
        (platform_prices.BACKUP_STORAGE, 0.05, 0.06),
        (CANARY_RUN, 0.0016, 0.0017),
        (API_CACHE["0.5"], 0.020, 0.028),
        (API_CACHE["1.6"], 0.038, 0.053),
        (API_CACHE["6.1"], 0.200, 0.280),
    )
}
_SPOT: Final = {
    platform_prices.SPOT_NODE[kind]: {
        region: usd * platform_prices.SPOT_AT_LEAST for region, usd in _ON_DEMAND[price].items()
    }
    for kind, price in platform_prices.NODE.items()
}
_ELSEWHERE: Final[Mapping[Price, Mapping[str, float]]] = {**_ON_DEMAND, **_SPOT}


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
