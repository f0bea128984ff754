"""What phase 1 of the e-commerce platform costs a month, region by region: a section of docs/cost.md."""

from collections.abc import Callable, Mapping
from typing import Final

from review.cost import Line, Template, fixed
from stacks import prices
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.profiles import PROFILES
from stacks.ecommerce.topology import DEFAULT
from stacks.region_prices import price_in

Synthesize = Callable[[Mapping[str, object]], Mapping[str, Template]]
"""The templates by stack name for settings that differ from the defaults."""

_REGIONS: Final = [region.name for region in DEFAULT.regions]
_BY_USE: Final = (
    ("Through a NAT gateway, GB", prices.NAT_DATA),
    ("Through interface endpoints, GB", prices.INTERFACE_ENDPOINT_DATA),
    ("Flow logs written, GB", prices.LOG_INGESTION),
    ("Flow logs kept, GB and month", prices.LOG_STORAGE),
)
_NEEDED: Final = {"ecommerce": True, "ecommerce_domain": "shop.example.org"}
_HEAD: Final = f"""\
## The e-commerce platform, phase 1

With `ecommerce=true`: a network in each of {len(_REGIONS)} regions, US dollars a month as long as they exist, at
each region's own list prices (`stacks/region_prices.py`). Nothing of it is there without that setting. Phases 2
to 5 are not built, and so have no price here.
"""


def markdown(synthesize: Synthesize) -> str:
    """The section, with a newline at its end."""
    by_profile = {
        f"`ecommerce_profile={name}`": _by_region(synthesize({**_NEEDED, "ecommerce_profile": name}))
        for name in PROFILES
    }
    with_endpoints = _by_region(synthesize({**_NEEDED, "ecommerce_endpoints": "interface"}))
    without = by_profile["`ecommerce_profile=demo`"]
    more = {name: _total(with_endpoints[name]) - _total(without[name]) for name in _REGIONS}
    rows = [
        _row(name, {region: _total(lines) for region, lines in found.items()}, "")
        for name, found in by_profile.items()
    ]
    rows.append(_row("`ecommerce_endpoints=interface` adds", more, "+"))
    head = f"| | {' | '.join(_REGIONS)} | All |\n|---{'|--:' * (len(_REGIONS) + 1)}|\n"
    return f"{_HEAD}\n{head}{''.join(rows)}\n{_lines(without)}\n{_by_use()}"


def _by_region(templates: Mapping[str, Template]) -> dict[str, list[Line]]:
    return {name: fixed(templates[stack_name("Network", name, None)], name) for name in _REGIONS}


def _total(lines: list[Line]) -> float:
    return sum(line.usd for line in lines)


def _row(what: str, amounts: Mapping[str, float], sign: str) -> str:
    cells = [f"{amounts[name]:{sign}.2f}" for name in _REGIONS]
    return f"| {what} | {' | '.join(cells)} | {sum(amounts.values()):{sign}.2f} |\n"


def _lines(by_region: Mapping[str, list[Line]]) -> str:
    """Of what the smallest profile consists."""
    cells = [
        (
            region,
            line.what,
            f"{line.quantity:g}",
            f"{line.price.usd:g} per {line.price.unit}",
            f"{line.usd:.2f}",
        )
        for region, lines in by_region.items()
        for line in lines
    ]
    rows = "".join(f"| {' | '.join(row)} |\n" for row in cells)
    head = "| Region | What | Number | Price | USD a month |\n|---|---|--:|---|--:|\n"
    return f"The lines of `demo`:\n\n{head}{rows}"


def _by_use() -> str:
    rows = "".join(
        f"| {what} | {' | '.join(f'{price_in(region, price).usd:g}' for region in _REGIONS)} |\n"
        for what, price in _BY_USE
    )
    return f"By use, USD each:\n\n| | {' | '.join(_REGIONS)} |\n|---{'|--:' * len(_REGIONS)}|\n{rows}"
