"""What the e-commerce platform costs a month before use, by stack, phase, layer and region, from its templates."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from review.cost import Line, Template, by_resource
from review.platform_kinds import PLATFORM
from stacks.ecommerce.parts import PARTS, Layer, Phase, regions_of, stack_name
from stacks.ecommerce.topology import DEFAULT

Synthesize = Callable[[Mapping[str, object]], Mapping[str, Template]]
"""The platform's templates by stack name, of all phases, for settings that differ from the defaults."""

REGIONS: Final = [region.name for region in DEFAULT.regions]
LARGE: Final = 500
"""US dollars a month; a single resource that costs more is not there by default, see `large`."""
_SPOT: Final = " on Spot"


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of the bill, and whose it is."""

    part: str
    region: str
    resource: str
    line: Line

    @property
    def phase(self) -> Phase:
        """That brings it."""
        return PARTS[self.part].phase

    @property
    def layer(self) -> Layer:
        """That it belongs to."""
        return PARTS[self.part].layer


def bill(templates: Mapping[str, Template]) -> list[Cost]:
    """All lines of the platform, each at its region's price.

    Raises UnpricedError and UnknownPriceError as `by_resource`, and KeyError if a stack has no template.
    """
    return [
        Cost(part, region, resource, line)
        for part, region in _stacks()
        for resource, lines in by_resource(
            templates[stack_name(part, region, None)], region, PLATFORM
        ).items()
        for line in lines
    ]


def _stacks() -> Iterator[tuple[str, str]]:
    """Part and region of every stack."""
    for name, part in PARTS.items():
        for region in regions_of(part, DEFAULT):
            yield name, region


def total(costs: list[Cost]) -> float:
    """US dollars a month of all."""
    return sum(each.line.usd for each in costs)


def by_phase(costs: list[Cost]) -> dict[Phase, dict[str, float]]:
    """What each phase adds in each region."""
    found: dict[Phase, dict[str, float]] = {
        part.phase: dict.fromkeys(REGIONS, 0.0) for part in PARTS.values()
    }
    for each in costs:
        found[each.phase][each.region] += each.line.usd
    return found


def by_layer(costs: list[Cost]) -> dict[Layer, float]:
    """What each layer costs in all regions."""
    found: dict[Layer, float] = dict.fromkeys((part.layer for part in PARTS.values()), 0.0)
    for each in costs:
        found[each.layer] += each.line.usd
    return found


def by_what(costs: list[Cost]) -> dict[str, dict[str, list[Line]]]:
    """The lines of each kind of thing, by region."""
    found: dict[str, dict[str, list[Line]]] = {}
    for each in costs:
        found.setdefault(each.line.what, {name: [] for name in REGIONS})[each.region].append(each.line)
    return found


def large(costs: list[Cost]) -> dict[tuple[str, str, str], float]:
    """The resources that cost more than `LARGE` by themselves: part, region and line's name, and US dollars."""
    found: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for each in costs:
        found[each.part, each.region, each.resource].append(each.line)
    return {
        (part, region, max(lines, key=lambda line: line.usd).what): usd
        for (part, region, _), lines in found.items()
        if (usd := sum(line.usd for line in lines)) > LARGE
    }


def spot_at_most(costs: list[Cost], least: float) -> float:
    """What nodes on Spot cost beyond the bill if they cost what they do on demand; `least`: the part of it that
    the bill has."""
    return sum(each.line.usd for each in costs if each.line.what.endswith(_SPOT)) * (1 / least - 1)


def more(before: list[Cost], after: list[Cost]) -> dict[str, dict[str, float]]:
    """What is more (or less) of each kind of thing, by region; what stays is left out."""
    amounts: dict[str, dict[str, float]] = {}
    for sign, costs in ((-1, before), (1, after)):
        for what, regions in by_what(costs).items():
            row = amounts.setdefault(what, dict.fromkeys(REGIONS, 0.0))
            for name, lines in regions.items():
                row[name] += sign * sum(line.usd for line in lines)
    return {what: row for what, row in amounts.items() if any(abs(usd) > 0.004 for usd in row.values())}
