"""The settings of the e-commerce platform, a part of `stacks.settings.Settings`."""

import difflib
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from stacks.ecommerce.compute.settings import ComputeSettings
from stacks.ecommerce.cost import standing
from stacks.ecommerce.cost.settings import CostSettings
from stacks.ecommerce.data.settings import DataSettings
from stacks.ecommerce.network.settings import NetworkSettings
from stacks.ecommerce.operations.settings import OperationsSettings
from stacks.ecommerce.profiles import PROFILES, Profile, ProfileName
from stacks.ecommerce.recovery.settings import RecoverySettings
from stacks.ecommerce.security.settings import SecuritySettings
from stacks.ecommerce.topology import DEFAULT, Topology
from stacks.ecommerce.traffic.settings import TrafficSettings
from stacks.ecommerce.workload.settings import WorkloadSettings
from stacks.setting_fields import DOMAIN, DOMAIN_LEGAL, NONE_IF_EMPTY, WHOLE_NUMBER, Effect, Flag, listed

_REGIONS: Final = [region.name for region in DEFAULT.regions]
_BY_PROFILE: Final = "; ".join(
    f"{name} {standing.told(name, phase=1)}, with all five phases {standing.told(name)}" for name in PROFILES
)


def _region_names(value: object) -> object:
    """`-c ecommerce_regions=us-east-1,eu-west-1`, or a list in cdk.json."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(","))
    return value


class EcommerceSettings(
    CostSettings,
    OperationsSettings,
    RecoverySettings,
    SecuritySettings,
    DataSettings,
    TrafficSettings,
    WorkloadSettings,
    ComputeSettings,
    NetworkSettings,
):
    """What is asked of the platform. Nothing of it exists unless `ecommerce` is true."""

    ecommerce: Annotated[
        Flag,
        Field(
            description="Whether the stacks of the e-commerce platform are there; without it no command deploys "
            "any of them, `--all` included"
        ),
        Effect(cost=f"before use, phase 1 by ecommerce_profile: {_BY_PROFILE}; see docs/cost.md"),
    ] = False
    ecommerce_profile: Annotated[
        ProfileName,
        Field(
            description="Size of the platform: nodes, databases and caches; demo has one NAT gateway in each "
            "region, the others one in each zone"
        ),
        Effect(cost=f"before use, phase 1 in {len(_REGIONS)} regions: {_BY_PROFILE}"),
    ] = "demo"
    ecommerce_phase: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=1,
            le=5,
            description="The phase of the architecture document up to which it is deployed",
        ),
        Effect(
            cost="each adds, with demo before use: "
            + ", ".join(
                f"{phase} {standing.told('demo', phase=phase)}" for phase in standing.STANDING["demo"]
            )
            + "; the other profiles in docs/cost.md"
        ),
    ] = 1
    ecommerce_regions: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(_region_names)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Regions in which it is deployed, of stacks/ecommerce/topology.py; none: all of them. What "
            "is deployed in another stays until it is destroyed"
        ),
        Effect(
            cost="demo with all phases before use: "
            + ", ".join(f"{name} {standing.told('demo', region=name)}" for name in _REGIONS),
            legal=f"{DEFAULT.primary.name} and any of {listed(n for n in _REGIONS if n != DEFAULT.primary.name)}, "
            "with commas",
        ),
    ] = None
    ecommerce_domain: Annotated[
        Annotated[str, Field(pattern=DOMAIN, max_length=60)] | None,
        NONE_IF_EMPTY,
        Field(
            description="The shop's domain, needed with ecommerce=true: phase 1 makes its hosted zone, whose name "
            "servers its registrar is then told; the certificates of phase 2 wait for that"
        ),
        Effect(
            cost="0.50 for the hosted zone", legal=DOMAIN_LEGAL.replace("example.org", "shop.example.org")
        ),
    ] = None

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
        if self.ecommerce and self.ecommerce_domain is None:
            conflicts.append(
                "setting ecommerce_domain: missing, and ecommerce=true needs it for certificates and routing; give "
                "the shop's domain, as ecommerce_domain=shop.example.org"
            )
        return [
            *conflicts,
            *self._region_conflicts_of_ecommerce(),
            *self.compute_conflicts(),
            *self.workload_conflicts(),
            *self.traffic_conflicts(),
            *self.security_conflicts(),
        ]

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
