"""What the platform costs a month before use, for the settings table. Knows no construct.

US dollars as the templates had it when somebody last looked: what each phase adds in each region, with
all phases there. docs/cost.md has it as it is; a test fails when these are too far from that.
"""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.parts import Phase
from stacks.ecommerce.profiles import ProfileName

STANDING: Final[Mapping[ProfileName, Mapping[Phase, Mapping[str, float]]]] = {
    "demo": {
        1: {"us-east-1": 40.0, "eu-west-1": 41.69, "ap-southeast-1": 49.72},
        2: {"us-east-1": 234.89, "eu-west-1": 215.03, "ap-southeast-1": 231.76},
        3: {"us-east-1": 39.6, "eu-west-1": 29.27, "ap-southeast-1": 28.43},
        4: {"us-east-1": 59.0, "eu-west-1": 28.9, "ap-southeast-1": 28.9},
        5: {"us-east-1": 71.08, "eu-west-1": 16.95, "ap-southeast-1": 22.35},
    },
    "standard": {
        1: {"us-east-1": 113.0, "eu-west-1": 119.07, "ap-southeast-1": 143.16},
        2: {"us-east-1": 753.9, "eu-west-1": 528.02, "ap-southeast-1": 578.29},
        3: {"us-east-1": 250.5, "eu-west-1": 258.13, "ap-southeast-1": 229.91},
        4: {"us-east-1": 59.6, "eu-west-1": 29.5, "ap-southeast-1": 29.5},
        5: {"us-east-1": 80.71, "eu-west-1": 309.62, "ap-southeast-1": 198.88},
    },
    "peak": {
        1: {"us-east-1": 113.0, "eu-west-1": 119.07, "ap-southeast-1": 143.16},
        2: {"us-east-1": 5996.15, "eu-west-1": 1788.58, "ap-southeast-1": 1045.32},
        3: {"us-east-1": 885.64, "eu-west-1": 959.99, "ap-southeast-1": 916.7},
        4: {"us-east-1": 61.1, "eu-west-1": 31.0, "ap-southeast-1": 31.0},
        5: {"us-east-1": 122.76, "eu-west-1": 3296.18, "ap-southeast-1": 967.07},
    },
}


def told(profile: ProfileName, *, phase: Phase | None = None, region: str | None = None) -> str:
    """The sum as text in whole dollars, of one phase or of all, of one region or of all."""
    amounts = (
        usd
        for each, regions in STANDING[profile].items()
        for name, usd in regions.items()
        if phase in (None, each) and region in (None, name)
    )
    return f"{sum(amounts):,.0f}"
