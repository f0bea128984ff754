"""What each size costs and may cost. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.profiles import ProfileName

AUTOSCALED_PERCENT: Final = 20
"""Of what is there without load: what pods, nodes and jobs may come to it in a month."""
# US dollars a month, all regions, all phases: the bill of the templates, nodes on Spot at their most, with what
# autoscaling adds, and the use that review/platform_use.py assumes, rounded up to a hundred. A test
# computes them: a budget that is always used up is read by nobody, and neither is one that never is.
MONTHLY_BUDGET: Final[Mapping[ProfileName, int]] = {"demo": 1_500, "standard": 5_200, "peak": 25_800}
