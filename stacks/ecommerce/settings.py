"""The settings of the e-commerce platform, a part of `stacks.settings.Settings`."""

import difflib
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field

from stacks.ecommerce import network_prices
from stacks.ecommerce.profiles import PROFILES, Profile, ProfileName
from stacks.ecommerce.topology import DEFAULT, Topology
from stacks.setting_fields import NONE_IF_EMPTY, WHOLE_NUMBER, Effect, Flag, listed

PHASES_BUILT: Final = 1
"""Of the document's five ("Implementation Priority"); a later one is refused until its stacks are there."""

_REGIONS: Final = [region.name for region in DEFAULT.regions]
_BY_PROFILE: Final = ", ".join(
    f"{name} {network_prices.told(DEFAULT.regions, profile)}" for name, profile in PROFILES.items()
)


def _region_names(value: object) -> object:
    """`-c ecommerce_regions=us-east-1,eu-west-1`, or a list in cdk.json."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(","))
    return value


class EcommerceSettings(BaseModel):
    """What is asked of the platform. Nothing of it exists unless `ecommerce` is true."""

    ecommerce: Annotated[
        Flag,
        Field(
            description="Whether the stacks of the e-commerce platform are there; without it no command deploys "
            "any of them, `--all` included"
        ),
        Effect(cost=f"phase 1, by ecommerce_profile: {_BY_PROFILE}"),
    ] = False
    ecommerce_profile: Annotated[
        ProfileName,
        Field(
            description="Size of the platform: demo has one NAT gateway in each region, the others one in each zone"
        ),
        Effect(cost=f"phase 1 in {len(_REGIONS)} regions: {_BY_PROFILE}"),
    ] = "demo"
    ecommerce_phase: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=1,
            le=5,
            description=f"The phase of the architecture document up to which it is deployed; built so far: "
            f"{PHASES_BUILT} of 5, and a later one is refused",
        ),
        Effect(cost="1: that of ecommerce_profile"),
    ] = 1
    ecommerce_regions: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(_region_names)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Regions in which it is deployed, of stacks/ecommerce/topology.py; none: all of them. What "
            "is deployed in another stays until it is destroyed"
        ),
        Effect(
            cost="phase 1, demo: "
            + ", ".join(
                f"{region.name} {network_prices.told([region], PROFILES['demo'])}"
                for region in DEFAULT.regions
            ),
            legal=f"{DEFAULT.primary.name} and any of {listed(n for n in _REGIONS if n != DEFAULT.primary.name)}, "
            "with commas",
        ),
    ] = None
    ecommerce_endpoints: Annotated[
        Literal["gateway", "interface"],
        Field(
            description="The private subnets' way to AWS's services: gateway endpoints to S3 and DynamoDB, which "
            "are always there, and NAT for the rest; or interface endpoints too, past the NAT gateway"
        ),
        Effect(
            cost=f"interface: {network_prices.told(DEFAULT.regions, None)} in all regions ("
            + ", ".join(f"{region.name} {network_prices.told([region], None)}" for region in DEFAULT.regions)
            + ")"
        ),
    ] = "gateway"

    @property
    def ecommerce_topology(self) -> Topology:
        """The regions that are asked for."""
        return DEFAULT if self.ecommerce_regions is None else DEFAULT.only(self.ecommerce_regions)

    @property
    def ecommerce_size(self) -> Profile:
        """The size that is asked for."""
        return PROFILES[self.ecommerce_profile]

    def ecommerce_conflicts(self) -> list[str]:
        """One line for each of the platform's settings that cannot be obeyed."""
        conflicts = []
        if self.ecommerce_phase > PHASES_BUILT:
            conflicts.append(
                f"setting ecommerce_phase: {self.ecommerce_phase} is not built yet, phase {PHASES_BUILT} (networks)"
                f" is; give ecommerce_phase={PHASES_BUILT}, or leave it out"
            )
        return conflicts + self._region_conflicts_of_ecommerce()

    def _region_conflicts_of_ecommerce(self) -> list[str]:
        given = self.ecommerce_regions or ()
        conflicts = []
        for name in dict.fromkeys(given):
            if name not in _REGIONS:
                near = difflib.get_close_matches(name, _REGIONS, n=1)
                advice = f'did you mean "{near[0]}"?' if near else f"legal: {', '.join(_REGIONS)}"
                conflicts.append(
                    f"setting ecommerce_regions: {name[:80]!r} is no region of the topology; {advice}"
                )
            elif given.count(name) > 1:
                conflicts.append(f"setting ecommerce_regions: {name} is given {given.count(name)} times")
        if self.ecommerce_regions is not None and DEFAULT.primary.name not in given:
            conflicts.append(
                f"setting ecommerce_regions: the primary, {DEFAULT.primary.name}, is missing: it takes the writes; "
                "add it"
            )
        return conflicts

    def ecommerce_left_alone(self) -> str:
        """Why no stack of the platform is there although a setting of it is given; empty otherwise."""
        given = sorted(
            name
            for name in self.model_fields_set
            if name.startswith("ecommerce_") and name in EcommerceSettings.model_fields
        )
        if self.ecommerce or not given:
            return ""
        return f"{', '.join(given)}: the e-commerce stacks are left alone, as ecommerce=true is not given"
