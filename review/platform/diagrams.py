"""Diagrams of the platform in Mermaid, drawn from what its templates refer to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from review.platform.references import across, inside, used_by
from review.platform.services import service_of
from review.platform.templates import PLACES, Resource, Template, Templates, in_order, resources
from stacks.ecommerce.parts import PARTS
from stacks.ecommerce.topology import DEFAULT

Edges = Sequence[tuple[str, str]]

# What a request meets on its way, by service: who of these refers to whom is the way.
_ON_THE_WAY: Final = (
    "Route 53",
    "CloudFront",
    "AWS WAF",
    "Certificate Manager",
    "API Gateway",
    "Cognito",
    "ALB",
    "S3",
    "Amazon EKS",
    "The shop on Kubernetes",
    "RDS for PostgreSQL",
    "RDS for PostgreSQL, read replicas",
    "DynamoDB global tables",
    "ElastiCache for Redis",
    "Secrets Manager",
)


def within_a_region(templates: Templates) -> Edges:
    """Which part reads from which of its own region, in any region."""
    return _ordered(
        (PLACES[stack].name, PLACES[other].name)
        for stack, others in used_by(templates).items()
        for other in others
        if PLACES[stack].region == PLACES[other].region
    )


def between_regions(templates: Templates) -> Edges:
    """Which stack reads from which of another region."""
    return _ordered(
        (stack, other)
        for stack, others in used_by(templates).items()
        for other in others
        if PLACES[stack].region != PLACES[other].region
    )


def way_of_a_request(templates: Templates) -> Edges:
    """Which service on a request's way refers to which, in any region; not what is found by a computed name."""
    owner = {
        (each.stack, each.logical_id): service.name
        for each in resources(templates)
        if (service := service_of(each)) and service.name in _ON_THE_WAY
    }
    found = []
    published: dict[tuple[str, str], list[str]] = {}
    for stack, template in templates.items():
        for reference in inside(template):
            if reference.owner.startswith("Outputs."):
                output = reference.owner.removeprefix("Outputs.")
                published.setdefault((stack, output), []).append(reference.target)
            found.append(((stack, reference.owner), (stack, reference.target)))
    for reading in across(templates):
        for target in published.get((reading.other, reading.output), []):
            found.append(((reading.stack, reading.owner), (reading.other, target)))
    named = ((owner.get(one), owner.get(other)) for one, other in found)
    return _ordered((one, other) for one, other in named if one and other and one != other)


def parts_diagram(templates: Templates) -> str:
    """The stacks of a region by phase, and what each is given by another of the region."""
    built = dict.fromkeys(PLACES[stack].name for stack in in_order(templates))
    lines = []
    for phase in sorted({PARTS[name].phase for name in built}):
        lines.append(f"  subgraph phase{phase}[Phase {phase}]")
        lines += [f"    {name}" for name in built if PARTS[name].phase == phase]
        lines.append("  end")
    return _flowchart("LR", lines, within_a_region(templates))


def regions_diagram(templates: Templates) -> str:
    """The stacks that another region reads from, or that read from one, region by region."""
    edges = between_regions(templates)
    drawn = {stack for edge in edges for stack in edge}
    lines = []
    for region in DEFAULT.regions:
        lines.append(f'  subgraph {_id(region.name)}["{region.name}, {region.role}"]')
        here = [stack for stack in in_order(templates) if PLACES[stack].region == region.name]
        lines += [f"    {_id(stack)}[{PLACES[stack].name}]" for stack in here if stack in drawn]
        lines.append("  end")
    return _flowchart("LR", lines, [(_id(one), _id(other)) for one, other in edges])


def way_diagram(templates: Templates) -> str:
    """The services on a request's way; those that are not built are left out."""
    edges = way_of_a_request(templates)
    names = [name for name in _ON_THE_WAY if any(name in edge for edge in edges)]
    if not names:
        return "Nothing on a request's way refers to another yet.\n"
    lines = [f'  {_id(name)}["{name}"]' for name in names]
    return _flowchart("LR", lines, [(_id(one), _id(other)) for one, other in edges])


def network_diagram(template: Template) -> str:
    """The subnets of one network by zone, and where each one's default route leads."""
    found = {each.logical_id: each for each in resources({_NETWORK: template})}
    tables = _references(found, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId", "RouteTableId")
    subnets = {name: each for name, each in found.items() if each.kind == "AWS::EC2::Subnet"}
    lines = []
    for zone in dict.fromkeys(each.properties["AvailabilityZoneId"] for each in subnets.values()):
        lines.append(f"  subgraph {_id(zone)}[{zone}]")
        lines += [
            f'    {_id(name)}["{_kind(each)}<br/>{each.properties["CidrBlock"]}"]'
            for name, each in subnets.items()
            if each.properties["AvailabilityZoneId"] == zone
        ]
        lines.append("  end")
    edges = []
    for route in found.values():
        if route.kind != "AWS::EC2::Route" or route.properties.get("DestinationCidrBlock") != "0.0.0.0/0":
            continue
        target = route.properties.get("GatewayId") or route.properties["NatGatewayId"]
        edges += [
            (name, target["Ref"])
            for name, table in tables
            if table == route.properties["RouteTableId"]["Ref"]
        ]
    for gateway in (each for each in found.values() if each.kind == "AWS::EC2::NatGateway"):
        edges.append((gateway.logical_id, gateway.properties["SubnetId"]["Ref"]))
    gateways = dict.fromkeys(target for _, target in edges if target not in subnets)
    lines += [f'  {_id(name)}(["{_GATEWAYS[found[name].kind]}"])' for name in gateways]
    return _flowchart("TB", lines, [(_id(one), _id(other)) for one, other in edges])


_NETWORK: Final = f"EcommerceNetwork-{DEFAULT.primary.name}"
_GATEWAYS: Final = {"AWS::EC2::InternetGateway": "internet gateway", "AWS::EC2::NatGateway": "NAT gateway"}


def _references(found: Mapping[str, Resource], kind: str, one: str, other: str) -> list[tuple[str, str]]:
    return [
        (each.properties[one]["Ref"], each.properties[other]["Ref"])
        for each in found.values()
        if each.kind == kind
    ]


def _kind(subnet: Resource) -> str:
    return next(
        str(tag["Value"]).lower() for tag in subnet.properties["Tags"] if tag["Key"] == "aws-cdk:subnet-name"
    )


def _ordered(edges: Iterable[tuple[str, str]]) -> Edges:
    return sorted(set(edges))


def _id(name: str) -> str:
    """A name as Mermaid takes it for a node; `end` alone would be a keyword, and no name here is."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name)


def _flowchart(direction: str, lines: Sequence[str], edges: Iterable[tuple[str, str]]) -> str:
    drawn = [f"  {one} --> {other}" for one, other in edges]
    return "\n".join(["```mermaid", f"flowchart {direction}", *lines, *drawn, "```", ""])
