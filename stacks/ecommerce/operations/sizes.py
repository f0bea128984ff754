"""What the operations layer has in each size. Knows no construct."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from stacks.ecommerce.profiles import ProfileName

CHECKOUTS_TRACED: Final = 5


class OperationsSize(BaseModel):
    """One size.

    `canary_minutes`: between two journeys of a region's canary, each of which is paid for. `archive_days`: how long
    events can be replayed. `traced`: the part of all requests that X-Ray records, for five dollars a million; of
    checkouts and orders it is `CHECKOUTS_TRACED` times that. `slow_seconds`: a region's p99 above it is an alarm.
    `low_stock`: below so many of a product somebody is told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    canary_minutes: Literal[1, 5, 60]
    archive_days: int
    traced: float
    slow_seconds: int = 2
    low_stock: int = 10


SIZES: Final[Mapping[ProfileName, OperationsSize]] = {
    "demo": OperationsSize(canary_minutes=60, archive_days=7, traced=0.05),
    "standard": OperationsSize(canary_minutes=5, archive_days=30, traced=0.02),
    # at ten times the requests the same part would be ten times the price
    "peak": OperationsSize(canary_minutes=1, archive_days=30, traced=0.005),
}
