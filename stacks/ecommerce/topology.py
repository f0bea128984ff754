"""Which regions the platform is in, what each is for, and its addresses. Knows no construct."""

import difflib
import itertools
from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from stacks.ecommerce.profiles import Profile
from stacks.ecommerce.zones import ZONES

Role = Literal["primary", "secondary", "tertiary"]
"""primary: takes the writes. secondary: read replicas, and the writes after a failover. tertiary: reads only."""

# "VPC CIDR blocks": at most a /16. An internet-facing load balancer needs a /27 with eight free addresses in each
# zone ("Subnets for your load balancer"), which is what is left for a public subnet of a /21.
LARGEST_VPC: Final = 16
SMALLEST_VPC: Final = 21
# As parts of the VPC's prefix: each pod takes an address of a private subnet ("Amazon VPC CNI"), so those get an
# eighth of the VPC each. Three of each kind take 30 of 64 parts: there is room for a fourth zone.
PRIVATE_BITS: Final = 3
PUBLIC_BITS: Final = 6
ISOLATED_BITS: Final = 6

# "VPC CIDR blocks" recommends the addresses of RFC 1918.
_PRIVATE_ADDRESSES: Final = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)


class TopologyError(ValueError):
    """The regions do not make a platform; the message has one line for each reason."""


def _network(value: object) -> object:
    """An IPv4 network of its text. One with host bits set (10.0.0.1/16) is a mistake, which pydantic would report
    without saying so."""
    if not isinstance(value, str):
        return value
    try:
        return IPv4Network(value)
    except ValueError as error:
        raise ValueError(f"cidr {value}: {error}; give a network, as 10.16.0.0/16") from None


class Region(BaseModel):
    """One region: an entry of the topology.

    `name`: its code. `cidr`: the VPC's addresses, which no other region may have, so that they can be connected.
    `capacity_percent`: of the primary's, that runs without a failover; what a failover adds comes then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    cidr: Annotated[IPv4Network, BeforeValidator(_network)]
    capacity_percent: Annotated[int, Field(ge=1, le=100)] = 100

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if self.name not in ZONES:
            near = difflib.get_close_matches(self.name, ZONES, n=1)
            advice = f'did you mean "{near[0]}"?' if near else f"legal: {', '.join(ZONES)}"
            raise ValueError(f"region {self.name}: unknown, or without three zones for EKS; {advice}")
        if not any(self.cidr.subnet_of(block) for block in _PRIVATE_ADDRESSES):
            raise ValueError(
                f"region {self.name}: cidr {self.cidr} is no private network; give one of "
                f"{', '.join(map(str, _PRIVATE_ADDRESSES))}"
            )
        if not LARGEST_VPC <= self.cidr.prefixlen <= SMALLEST_VPC:
            wrong = (
                f"too small for {len(ZONES[self.name])} zones of public, private and isolated subnets"
                if self.cidr.prefixlen > SMALLEST_VPC
                else "larger than a VPC may be"
            )
            raise ValueError(
                f"region {self.name}: cidr {self.cidr} is {wrong}; legal: /{LARGEST_VPC} to /{SMALLEST_VPC}"
            )
        return self

    @property
    def zones(self) -> tuple[str, str, str]:
        """The ids of the zones that it uses."""
        return ZONES[self.name]


class Topology(BaseModel):
    """All regions, the primary anywhere among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    regions: tuple[Region, ...]

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        names = [region.name for region in self.regions]
        wrong = [
            f"region {name}: given {names.count(name)} times; leave all but one out"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        primaries = [region.name for region in self.regions if region.role == "primary"]
        if not primaries:
            wrong.append("no region is primary; give one of them that role: it takes the writes")
        elif len(primaries) > 1:
            wrong.append(
                f"{len(primaries)} regions are primary: {', '.join(primaries)}; only one can take writes"
            )
        wrong += [
            f"regions {one.name} and {other.name}: cidr {one.cidr} overlaps {other.cidr}; "
            "give each region addresses of its own"
            for one, other in itertools.combinations(self.regions, 2)
            if one.name != other.name and one.cidr.overlaps(other.cidr)
        ]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @property
    def primary(self) -> Region:
        """The one that takes the writes."""
        return next(region for region in self.regions if region.role == "primary")

    @property
    def secondary(self) -> Region | None:
        """The one that takes the writes after a failover: the first with that role."""
        return next((region for region in self.regions if region.role == "secondary"), None)

    def only(self, names: Iterable[str]) -> "Topology":
        """The same with these regions alone, in the same order; raises TopologyError for a name that it has not,
        and without the primary."""
        wanted = list(names)
        known = [region.name for region in self.regions]
        if unknown := [name for name in wanted if name not in known]:
            raise TopologyError(f"no such region here: {', '.join(unknown)}; legal: {', '.join(known)}")
        return topology(region for region in self.regions if region.name in wanted)

    def requests_per_second(self, name: str, profile: Profile) -> int:
        """What the region `name` is sized for with `profile`; raises StopIteration if there is no such region."""
        region = next(region for region in self.regions if region.name == name)
        return -(-profile.requests_per_second * region.capacity_percent // 100)


def topology(regions: Iterable[Region | dict[str, object]]) -> Topology:
    """A topology of these regions; raises TopologyError with a line for each reason why they are none."""
    try:
        return Topology.model_validate({"regions": tuple(regions)})
    except ValidationError as error:
        lines = [
            str(found["ctx"]["error"])
            if "error" in found.get("ctx", {})
            else f"{'.'.join(map(str, found['loc']))}: {found['msg']}; {found['input']!r} is given"
            for found in error.errors()
        ]
    raise TopologyError("\n".join(lines))


# The document's three, section "Regional Strategy". 10.0.0.0/16 is VisitorCounter's: left out, so that the two can
# be connected too. The secondary runs half of the primary's capacity and the tertiary a quarter; the rest of a
# failover's comes when it is needed, within the hour that the document allows ("RTO/RPO").
DEFAULT: Final = topology(
    [
        Region(name="us-east-1", role="primary", cidr=IPv4Network("10.16.0.0/16")),
        Region(name="eu-west-1", role="secondary", cidr=IPv4Network("10.32.0.0/16"), capacity_percent=50),
        Region(name="ap-southeast-1", role="tertiary", cidr=IPv4Network("10.48.0.0/16"), capacity_percent=25),
    ]
)
