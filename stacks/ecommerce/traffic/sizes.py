"""How big the traffic layer is, by profile. Knows no construct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from stacks.ecommerce.profiles import ProfileName


@dataclass(frozen=True, slots=True)
class TrafficSize:
    """One size.

    `price_class`: CloudFront's, where it has edge locations for the shop: 100 has North America and Europe,
    200 also Asia, which the tertiary region is there for. `api_burst_seconds`: how many seconds' worth of
    requests the API takes at once. `partner_requests_per_day`: of one partner's key.
    """

    price_class: Literal["100", "200", "all"]
    api_burst_seconds: int
    partner_requests_per_day: int


SIZES: Final[Mapping[ProfileName, TrafficSize]] = {
    "demo": TrafficSize("200", 2, 10_000),
    "standard": TrafficSize("all", 2, 200_000),
    "peak": TrafficSize("all", 2, 2_000_000),
}

# The tertiary region of DEFAULT is in Asia, so no profile has price class 100.
API_SHARE_PERCENT: Final = 20
"""Of a region's requests, how many the API may take: partners must not take the capacity that shoppers need."""
