"""The pages of the platform that its templates fill: docs/services.md, and the parts of docs/architecture.md."""

from collections.abc import Mapping, Sequence

from review.platform import diagrams, limits, service_tables
from review.platform.marked import replaced
from review.platform.templates import Resource, Templates
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT


def architecture(
    page: str,
    *,
    templates: Templates,
    services: Mapping[str, Sequence[Resource]],
    sizes: Mapping[str, tuple[int, int]],
) -> str:
    """`page` with its generated parts as these give them. Raises MarkerError."""
    network = templates[stack_name("Network", DEFAULT.primary.name, None)]
    parts = {
        "regions": diagrams.regions_diagram(templates),
        "services": service_tables.short(services),
        "network": diagrams.network_diagram(network),
        "way": diagrams.way_diagram(templates),
        "parts": diagrams.parts_diagram(templates),
        "sizes": limits.table(sizes),
    }
    for name, text in parts.items():
        page = replaced(page, name, text)
    return page
