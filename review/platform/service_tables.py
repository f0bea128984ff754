"""The table of services as Markdown: short for docs/architecture.md, with all logical ids for docs/services.md."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from review.platform.services import SERVICES, Service
from review.platform.templates import PLACES, Resource
from stacks.ecommerce.parts import PARTS, regions_of
from stacks.ecommerce.topology import DEFAULT

_HEAD = """\
# Services and their resources

Every service of the [architecture](architecture.md) with the logical ids of its resources, read from the
synthesized templates: all phases, the profile `demo`; what a setting brings, with that setting. `make golden`
writes this page. A test fails when a service has no resource, or a resource no service.
"""


def short(found: Mapping[str, Sequence[Resource]]) -> str:
    """A row for each service: what it is for, its folder, its stacks, its resources in all regions."""
    rows = [
        f"| {_layer(service)} | {service.name} | {service.why} | {_state(service, found)} |"
        for service in SERVICES
    ]
    head = "| Layer | Service | Chosen for | Stacks | Resources |\n|---|---|---|---|--:|\n"
    return head + "\n".join(rows) + "\n"


def page(found: Mapping[str, Sequence[Resource]]) -> str:
    """The page with all logical ids."""
    parts = [_HEAD]
    for layer, services in groupby(
        sorted(SERVICES, key=lambda service: _LAYERS.index(service.layer)), key=lambda service: service.layer
    ):
        rows = [row for service in services for row in _rows(service.name, found.get(service.name, []))]
        if rows:
            parts.append(
                f"## {layer.capitalize()}\n\n| Service | Type | Stack | Logical ids |\n|---|---|---|---|\n"
                + "\n".join(rows)
                + "\n"
            )
    return "\n".join(parts)


_LAYERS = list(dict.fromkeys(service.layer for service in SERVICES))


def _layer(service: Service) -> str:
    return f"[{service.layer}](../{service.folder})"


def _state(service: Service, found: Mapping[str, Sequence[Resource]]) -> str:
    has = found.get(service.name, [])
    parts = dict.fromkeys(PLACES[resource.stack].name for resource in has)
    stacks = ", ".join(f"`{name}`" for name in PARTS if name in parts)
    setting = f", with `{service.setting}`" if service.setting else ""
    return f"{stacks}{setting} | {len(has)}"


def _rows(name: str, found: Sequence[Resource]) -> list[str]:
    """One for each type in each kind of stack; regions that have the same logical ids share it."""
    rows = []
    kinds = dict.fromkeys((PLACES[each.stack].name, each.kind) for each in found)
    for part, kind in kinds:
        by_region: dict[str, list[str]] = {}
        for each in found:
            place = PLACES[each.stack]
            if (place.name, each.kind) == (part, kind):
                by_region.setdefault(place.region, []).append(each.logical_id)
        by_ids: dict[tuple[str, ...], list[str]] = {}
        for region, ids in by_region.items():
            by_ids.setdefault(tuple(ids), []).append(region)
        for same, regions in by_ids.items():
            listed = ", ".join(f"`{each}`" for each in same)
            rows.append(f"| {name} | {kind} | {_stacks(part, regions)} | {listed} |")
    return rows


def _stacks(part: str, regions: Sequence[str]) -> str:
    everywhere = regions_of(PARTS[part], DEFAULT)
    if len(everywhere) > 1 and set(regions) == set(everywhere):
        return f"`Ecommerce{part}-<region>`"
    in_order = [region for region in everywhere if region in regions]
    return ", ".join(f"`Ecommerce{part}-{region}`" for region in in_order)
