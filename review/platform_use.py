"""What the use of the e-commerce platform costs: the prices by region, and a month that is assumed.

The month is a plan and no measurement: the budgets of stacks/ecommerce/cost/sizes.py and a table of docs/cost.md
follow from it. Whoever has a bill has better figures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stacks import platform_prices, prices
from stacks.ecommerce.compute.sizes import SIZES as CLUSTER_SIZES
from stacks.ecommerce.data.sizes import SIZES as DATA_SIZES
from stacks.ecommerce.operations.prices import DATA_EVENTS, EVENTS, TRACES
from stacks.ecommerce.profiles import PROFILES, ProfileName
from stacks.ecommerce.security.prices import ESSENTIALS
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.prices import HOURS_PER_MONTH, Price
from stacks.region_prices import price_in

USED_PERCENT: Final = 5
"""Of the profile's requests_per_second, on average over a month's days and nights."""
KILOBYTES: Final = 20
"""Of an answer."""
ORIGIN_PART: Final = 0.5
"""Of the requests, that CloudFront does not answer itself."""
API_PART: Final = 0.2
"""Of the requests, that are calls of the API."""
CART_PART: Final = 0.1
"""Of the requests, that read a cart; half as many write one, as each makes an event."""
LOG_KILOBYTES: Final = 3
"""Of all logs together for a request that reaches a region."""
TRACED_PART: Final = 0.05
QUIET_LOG_GB: Final = 10.0
"""Of a region's control plane and network in a month without a visitor, and 3 more for each node."""
NODE_LOG_GB: Final = 3.0
PULLED_GB: Final = 10.0
"""Of images and calls of AWS through a region's NAT gateways in such a month."""
KEPT_GB: Final = 10.0
"""Of a region's buckets, and of the table."""
METRICS: Final = 30
"""Custom ones of a region: of the shop's events, and of patterns in logs."""

_KB_PER_GB: Final = 1e6


@dataclass(frozen=True, slots=True)
class Month:
    """A region's part of the assumed month, the same for all. `first`: whether it has what is once for all."""

    first: bool
    requests: float
    all_requests: float
    nodes: int
    database_gb: int


@dataclass(frozen=True, slots=True)
class Used:
    """A row: what is paid for, and how much of it a region's month has."""

    what: str
    price: Price
    quantity: Callable[[Month], float]


def month(profile: ProfileName, region: Region) -> Month:
    """The assumed month of a profile in a region of all."""
    everywhere = PROFILES[profile].requests_per_second * USED_PERCENT / 100 * HOURS_PER_MONTH * 3600
    return Month(
        first=region == DEFAULT.primary,
        requests=everywhere / len(DEFAULT.regions),
        all_requests=everywhere,
        nodes=CLUSTER_SIZES[profile].base.nodes_in(region),
        database_gb=DATA_SIZES[profile].storage_gb,
    )


def _once(quantity: Callable[[float], float]) -> Callable[[Month], float]:
    """Of a service that is in no region, with what it gives away a month already taken off."""
    return lambda month: max(0.0, quantity(month.all_requests)) if month.first else 0.0


def _logs(month: Month) -> float:
    asked = month.requests * ORIGIN_PART * LOG_KILOBYTES / _KB_PER_GB
    return QUIET_LOG_GB + NODE_LOG_GB * month.nodes + asked


def _answered(month: Month) -> float:
    """GB that leave a region for CloudFront, which costs nothing, but for its way there."""
    return month.requests * ORIGIN_PART * KILOBYTES / _KB_PER_GB


def _writes(month: Month) -> float:
    return month.requests * CART_PART / 2


USES: Final = (
    Used("CloudFront, 10,000 requests", prices.CLOUDFRONT_REQUESTS, _once(lambda all_: (all_ - 1e7) / 1e4)),
    Used(
        "CloudFront, GB to customers",
        prices.CLOUDFRONT_TRANSFER,
        _once(lambda all_: all_ * KILOBYTES / _KB_PER_GB - 1000),
    ),
    Used("DNS, million latency queries", platform_prices.DNS_QUERIES, _once(lambda all_: all_ * 0.01 / 1e6)),
    Used(
        "WAF, million requests, at the edge and in a region",
        prices.WAF_REQUESTS,
        lambda month: (month.requests + month.requests * ORIGIN_PART) / 1e6,
    ),
    Used("API, million calls", platform_prices.API_CALLS, lambda month: month.requests * API_PART / 1e6),
    # "Elastic Load Balancing Pricing": one capacity unit is a GB an hour
    Used("Load balancer, capacity units of an hour", prices.LOAD_BALANCER_CAPACITY, _answered),
    Used("Through NAT gateways, GB", prices.NAT_DATA, lambda month: PULLED_GB + _answered(month) / 10),
    Used("Through interface endpoints, GB", prices.INTERFACE_ENDPOINT_DATA, lambda _: 0.0),
    Used(
        "To another zone, GB, each way", platform_prices.TRANSFER_TO_ZONE, lambda month: 4 * _answered(month)
    ),
    Used(
        "To another region, GB",
        platform_prices.TRANSFER_TO_REGION,
        lambda month: (2 * _writes(month) * KILOBYTES / _KB_PER_GB) + month.database_gb / 10,
    ),
    Used("To the internet without CloudFront, GB", platform_prices.TRANSFER_OUT, lambda _: 0.0),
    Used("Logs written, GB", prices.LOG_INGESTION, _logs),
    Used("Logs kept, GB", prices.LOG_STORAGE, _logs),
    Used("Custom metrics", prices.CUSTOM_METRIC, lambda _: METRICS),
    Used("Traces, million", TRACES, lambda month: month.requests * ORIGIN_PART * TRACED_PART / 1e6),
    # a write is written in each region
    Used(
        "Carts, million writes in a region",
        platform_prices.TABLE_WRITES,
        lambda month: _writes(month) * len(DEFAULT.regions) / 1e6,
    ),
    Used("Carts, million reads", platform_prices.TABLE_READS, lambda month: month.requests * CART_PART / 1e6),
    Used("Carts kept, GB after 25", platform_prices.TABLE_STORAGE, lambda _: 0.0),
    Used("Carts, point-in-time recovery, GB", platform_prices.TABLE_BACKUP, lambda _: KEPT_GB),
    Used(
        "Backups of databases beyond their size, GB",
        platform_prices.DATABASE_BACKUP,
        lambda month: float(month.database_gb),
    ),
    Used("Backups of tables and buckets, GB", platform_prices.BACKUP_STORAGE, lambda _: 2 * KEPT_GB),
    Used("Buckets, GB", prices.S3_STORAGE, lambda month: KEPT_GB + _logs(month)),
    Used("Buckets, 1,000 reads", prices.S3_GET, lambda month: month.requests * ORIGIN_PART / 1e4),
    Used("Events, million", EVENTS, lambda month: 2 * _writes(month) / 1e6),
    Used("Queues, million requests", platform_prices.QUEUE_REQUESTS, lambda month: 3 * _writes(month) / 1e6),
    Used("Lambda, million calls", prices.LAMBDA_CALLS, lambda month: _writes(month) / 1e6),
    Used("Keys, 10,000 requests", platform_prices.KEY_REQUESTS, lambda month: month.requests * 0.01 / 1e4),
    Used("Audit, 100,000 events of data", DATA_EVENTS, lambda _: 1.0),
    Used("Customers who sign in, after 10,000", ESSENTIALS, lambda _: 0.0),
)


def used(profile: ProfileName) -> dict[str, float]:
    """US dollars of the assumed month by region."""
    return {region.name: sum(row(each, profile, region) for each in USES) for region in DEFAULT.regions}


def row(use: Used, profile: ProfileName, region: Region) -> float:
    """US dollars of one use in a region's assumed month."""
    return use.quantity(month(profile, region)) * price_in(region.name, use.price).usd
