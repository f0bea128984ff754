"""What the platform costs a month before use, for the settings table. Knows no construct.

US dollars, rounded, as the templates had it when somebody last looked: what each phase adds in each region, with
all phases there. docs/cost.md has it as it is; a test fails when these are too far from that.
"""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.parts import Phase
from stacks.ecommerce.profiles import ProfileName

STANDING: Final[Mapping[ProfileName, Mapping[Phase, Mapping[str, int]]]] = {
    "demo": {
        1: {"us-east-1": 40, "eu-west-1": 42, "ap-southeast-1": 50},
        2: {"us-east-1": 235, "eu-west-1": 215, "ap-southeast-1": 232},
        3: {"us-east-1": 40, "eu-west-1": 29, "ap-southeast-1": 28},
        4: {"us-east-1": 59, "eu-west-1": 29, "ap-southeast-1": 29},
        5: {"us-east-1": 71, "eu-west-1": 17, "ap-southeast-1": 22},
    },
    "standard": {
        1: {"us-east-1": 113, "eu-west-1": 119, "ap-southeast-1": 143},
        2: {"us-east-1": 754, "eu-west-1": 528, "ap-southeast-1": 578},
        3: {"us-east-1": 251, "eu-west-1": 258, "ap-southeast-1": 230},
        4: {"us-east-1": 60, "eu-west-1": 30, "ap-southeast-1": 30},
        5: {"us-east-1": 81, "eu-west-1": 310, "ap-southeast-1": 199},
    },
    "peak": {
        1: {"us-east-1": 113, "eu-west-1": 119, "ap-southeast-1": 143},
        2: {"us-east-1": 5996, "eu-west-1": 1789, "ap-southeast-1": 1045},
        3: {"us-east-1": 886, "eu-west-1": 960, "ap-southeast-1": 917},
        4: {"us-east-1": 61, "eu-west-1": 31, "ap-southeast-1": 31},
        5: {"us-east-1": 123, "eu-west-1": 3296, "ap-southeast-1": 967},
    },
}


def told(profile: ProfileName, *, phase: Phase | None = None, region: str | None = None) -> str:
    """The sum as text, of one phase or of all, of one region or of all."""
    amounts = (
        usd
        for each, regions in STANDING[profile].items()
        for name, usd in regions.items()
        if phase in (None, each) and region in (None, name)
    )
    return f"{sum(amounts):,}"
