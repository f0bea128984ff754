"""The settings of the platform's traffic layer. Knows no construct."""

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field

from stacks import prices
from stacks.ecommerce.topology import DEFAULT
from stacks.ecommerce.traffic.prices import API_CACHE, ORIGIN_SHIELD
from stacks.setting_fields import NONE_IF_EMPTY, Effect, Flag

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CACHES: Final = ", ".join(
    f"{size} {price.monthly:.2f} in each of {len(DEFAULT.regions)} regions"
    for size, price in API_CACHE.items()
)


def _countries(value: object) -> object:
    """`-c ecommerce_blocked_countries=KP,SY`, or a list in cdk.json."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(","))
    return value


class TrafficSettings(BaseModel):
    """What is asked of the traffic layer."""

    ecommerce_dnssec: Annotated[
        Flag,
        Field(
            description="Whether the shop's zone is signed. The DS record of its key has to be given to the parent "
            "zone by hand, and taken out there before this is turned off: the other way round the domain is gone"
        ),
        Effect(cost=f"true: {prices.ENCRYPTION_KEY.usd:.2f} for the signing key"),
    ] = False
    ecommerce_europe_stays: Annotated[
        Flag,
        Field(
            description="Whether Europe's reads stay in Europe's region when that is down, for the sake of where "
            "data is processed; otherwise they go to the nearest other region"
        ),
        Effect(cost="none"),
    ] = False
    ecommerce_blocked_countries: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(_countries)] | None,
        NONE_IF_EMPTY,
        Field(description="Countries to which CloudFront serves nothing"),
        Effect(cost="none", legal="ISO 3166-1 codes of two capital letters, with commas, as KP,SY"),
    ] = None
    ecommerce_origin_shield: Annotated[
        Flag,
        Field(
            description="Whether the caches of all edge locations ask one of the primary's region before "
            "the bucket of static assets"
        ),
        Effect(cost=f"true: {ORIGIN_SHIELD.usd} per {ORIGIN_SHIELD.unit}"),
    ] = False
    ecommerce_edge_metrics: Annotated[
        Flag,
        Field(
            description="Whether CloudFront also measures cache hits, origin latency and errors by status code, in "
            "metrics of a minute"
        ),
        Effect(cost=f"true: {prices.DISTRIBUTION_METRICS * prices.CUSTOM_METRIC.usd:.2f}"),
    ] = False
    ecommerce_api_cache: Annotated[
        Literal["none", "0.5", "1.6", "6.1"],
        Field(description="Cache of the API's catalog in each region; encrypted"),
        Effect(cost=f"in us-east-1's prices: {_CACHES}", unit="GB"),
    ] = "none"

    def traffic_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return [
            f"setting ecommerce_blocked_countries: {code[:80]!r} is no country code; give two capital "
            "letters, as KP"
            for code in self.ecommerce_blocked_countries or ()
            if not _COUNTRY.fullmatch(code)
        ]
