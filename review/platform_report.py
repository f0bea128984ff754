"""The e-commerce platform's section of docs/cost.md: phases, profiles, regions, lines, use and settings."""

from collections.abc import Iterable, Mapping
from typing import Final

from review import platform_cost, platform_settings_cost, platform_use
from review.platform_cost import LARGE, REGIONS, Cost, Synthesize
from stacks.ecommerce.cost.sizes import AUTOSCALED_PERCENT, MONTHLY_BUDGET
from stacks.ecommerce.profiles import PROFILES, ProfileName
from stacks.ecommerce.topology import DEFAULT
from stacks.platform_prices import SPOT_AT_LEAST
from stacks.region_prices import price_in

_HEAD: Final = f"""\
## The e-commerce platform

With `ecommerce=true`, which is not the default: US dollars a month before use, computed from the templates of
all stacks, at each region's own list prices (`stacks/prices.py`, `stacks/platform_prices.py`,
`stacks/region_prices.py`: typed in from memory of the pages that they name; look there before it matters). Nodes on
Spot are at the least that they can cost, {SPOT_AT_LEAST:.0%} of the price on demand. What is free for the first of
an account (three dashboards, fifty health checks of endpoints in AWS) is not taken off. Not counted: the first two
yearly rotations of a KMS key, which add a dollar a month each, and the pods and nodes that autoscaling adds.

What a phase adds is what its stacks cost with all phases there.
"""
_USE: Final = f"""\
Prices in USD, and what they come to in a month that is assumed: on average {platform_use.USED_PERCENT} % of the
profile's requests a second, an answer of {platform_use.KILOBYTES} KB, {platform_use.ORIGIN_PART:.0%} of the
requests answered by CloudFront's caches and {platform_use.API_PART:.0%} of them calls of the API. What else is
assumed is in `review/platform_use.py`. What has 0.00 in every profile is not assumed, or free up to more than that.
"""


def markdown(synthesize: Synthesize, flags: Mapping[str, object]) -> str:
    """The section, with a newline at its end. `flags`: every flag of the settings set."""
    bills = {name: platform_cost.bill(synthesize({"ecommerce_profile": name})) for name in PROFILES}
    return "\n".join(
        [
            _HEAD,
            _phases(bills),
            "By layer of the document, in all regions:\n",
            _layers(bills),
            f"The budget is the sum with {AUTOSCALED_PERCENT} % for what autoscaling adds, up to the next 100.\n",
            f"### What costs more than {LARGE} USD by itself\n",
            _large(bills),
            "### The lines of demo\n",
            _lines(bills["demo"]),
            "### By use\n",
            _USE,
            _uses(),
            "### What each of the platform's settings adds\n",
            "All phases, US dollars a month before use:\n",
            platform_settings_cost.markdown(bills, synthesize, flags),
        ]
    )


def _table(head: Iterable[str], texts: int, rows: Iterable[Iterable[str]]) -> str:
    """`texts`: how many columns from the left are no numbers."""
    cells = list(head)
    ruler = "|---" * texts + "|--:" * (len(cells) - texts)
    return (
        "".join(f"| {' | '.join(row)} |\n" for row in (cells,))
        + f"{ruler}|\n"
        + "".join(f"| {' | '.join(row)} |\n" for row in rows)
    )


def _phases(bills: Mapping[ProfileName, list[Cost]]) -> str:
    rows = []
    for name, costs in bills.items():
        so_far = 0.0
        for phase, regions in platform_cost.by_phase(costs).items():
            adds = sum(regions.values())
            so_far += adds
            amounts = [*(regions[region] for region in REGIONS), adds, so_far]
            rows.append([f"`ecommerce_profile={name}`", str(phase), *(f"{usd:.2f}" for usd in amounts)])
    return _table(
        ["Profile", "Phase", *(f"adds in {name}" for name in REGIONS), "in all", "up to it"], 2, rows
    )


def _layers(bills: Mapping[ProfileName, list[Cost]]) -> str:
    layers = {name: platform_cost.by_layer(costs) for name, costs in bills.items()}
    rows = [[layer, *(f"{layers[name][layer]:.2f}" for name in PROFILES)] for layer in layers["demo"]]
    spot = {name: platform_cost.spot_at_most(bills[name], SPOT_AT_LEAST) for name in PROFILES}
    used = {name: sum(platform_use.used(name).values()) for name in PROFILES}
    sums = {name: platform_cost.total(bills[name]) for name in PROFILES}
    rows += [
        ["**As long as it exists**", *(f"**{sums[name]:.2f}**" for name in PROFILES)],
        ["Spot at its most", *(f"{spot[name]:.2f}" for name in PROFILES)],
        ["The use that is assumed below", *(f"{used[name]:.2f}" for name in PROFILES)],
        [
            "**The default of `ecommerce_monthly_budget`**",
            *(f"**{MONTHLY_BUDGET[name]}**" for name in PROFILES),
        ],
    ]
    return _table(["Layer", *PROFILES], 1, rows)


def _large(bills: Mapping[ProfileName, list[Cost]]) -> str:
    rows = [
        [f"`{name}`", f"Ecommerce{part}-{region}", what, f"{usd:.2f}"]
        for name, costs in bills.items()
        for (part, region, what), usd in platform_cost.large(costs).items()
    ]
    without = [f"`{name}`" for name, costs in bills.items() if not platform_cost.large(costs)]
    said = (
        f"Nothing in {' and '.join(without)}. Where a setting has to be named first, see the last table.\n\n"
    )
    return said + _table(["Profile", "Stack", "What", "USD a month"], 3, rows)


def _lines(costs: list[Cost]) -> str:
    rows = []
    for what, regions in platform_cost.by_what(costs).items():
        unit = next(lines[0].price.unit for lines in regions.values() if lines)
        counts = [f"{sum(line.quantity for line in regions[name]):g}" for name in REGIONS]
        units = [f"{regions[name][0].price.usd:g}" if regions[name] else "" for name in REGIONS]
        usd = sum(line.usd for lines in regions.values() for line in lines)
        both = [f"{count} × {price}" if price else "" for count, price in zip(counts, units, strict=True)]
        rows.append([what, unit, *both, f"{usd:.2f}"])
    return _table(["What", "Unit", *REGIONS, "USD a month"], 2, rows)


def _uses() -> str:
    rows = []
    for use in platform_use.USES:
        here = [f"{price_in(name, use.price).usd:g}" for name in REGIONS]
        assumed = [
            f"{sum(platform_use.row(use, name, region) for region in DEFAULT.regions):.2f}"
            for name in PROFILES
        ]
        rows.append([use.what, *here, *assumed])
    sums = [f"**{sum(platform_use.used(name).values()):.2f}**" for name in PROFILES]
    rows.append(["**All together**", *("" for _ in REGIONS), *sums])
    return _table(["What", *REGIONS, *(f"USD in {name}" for name in PROFILES)], 1, rows)
