"""How big the platform is: three sizes, each a row."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

ProfileName = Literal["demo", "standard", "peak"]


class Profile(BaseModel):
    """One size.

    `requests_per_second`: what the primary region is sized for, a target and no measurement. `nat_gateways`: of
    each region. With one, all of a region's private subnets lose their way out when its zone fails, and two of
    three zones pay for traffic between zones; with three, a zone depends on itself alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_second: int
    nat_gateways: Literal[1, 3]


PROFILES: Final[Mapping[ProfileName, Profile]] = {
    "demo": Profile(requests_per_second=50, nat_gateways=1),
    "standard": Profile(requests_per_second=500, nat_gateways=3),
    # ten times the standard, as of a sale's first hour
    "peak": Profile(requests_per_second=5000, nat_gateways=3),
}
