"""What each size may cost. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.profiles import ProfileName

# US dollars a month, all regions, all phases, rounded up from list prices with a fifth for traffic. To be looked at
# again whenever a layer changes: a budget that is always used up is read by nobody.
MONTHLY_BUDGET: Final[Mapping[ProfileName, int]] = {"demo": 1_800, "standard": 9_000, "peak": 45_000}
