"""The platform's templates as the rest of this folder reads them. Knows no construct."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from stacks.ecommerce.parts import PARTS, Part, stack_name
from stacks.ecommerce.topology import DEFAULT, Topology

Template = Mapping[str, Any]
Templates = Mapping[str, Template]
"""By the stack's name, which has no stage."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which part a stack is, and where."""

    name: str
    part: Part
    region: str


def places(topology: Topology = DEFAULT) -> dict[str, Place]:
    """The place of each stack that there can be, by the stack's name."""
    regions = [region.name for region in topology.regions]
    # us-east-1 has stacks that no region of the topology needs to be
    everywhere = dict.fromkeys([*regions, "us-east-1"])
    return {
        stack_name(name, region, None): Place(name, part, region)
        for name, part in PARTS.items()
        for region in everywhere
    }


PLACES: Final = places()


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a template: `properties` are empty where it has none."""

    stack: str
    logical_id: str
    kind: str
    properties: Mapping[str, Any]
    whole: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.stack}.{self.logical_id} ({self.kind})"


def resources(templates: Templates, *kinds: str) -> Iterator[Resource]:
    """All resources, or those of CloudFormation types `kinds`, in the templates' order."""
    for stack, template in templates.items():
        for logical_id, found in template.get("Resources", {}).items():
            if not kinds or found["Type"] in kinds:
                yield Resource(stack, logical_id, found["Type"], found.get("Properties", {}), found)


def in_order(templates: Templates) -> list[str]:
    """The stacks by phase, then as `PARTS` and the topology have them."""
    position = {name: at for at, name in enumerate(PLACES)}
    return sorted(templates, key=lambda name: (PLACES[name].part.phase, position[name]))
