"""The networks of all regions, and questions to one of them."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from stacks.ecommerce.parts import stack_name
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, resources


def networks(**given: object) -> dict[str, Template]:
    """The templates of the networks by their stacks' names."""
    return {
        name: each
        for name, each in platform(ecommerce_phase=1, **given).items()
        if name.startswith("EcommerceNetwork-")
    }


def network(region: str, **given: object) -> Template:
    """The network of one region."""
    return networks(**given)[stack_name("Network", region, None)]


def subnets(template: Template, kind: str) -> dict[str, Template]:
    """The properties of the subnets of a kind (Public, Private, Isolated) by logical id."""
    return {
        name: each["Properties"]
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::EC2::Subnet"
        and {"Key": "aws-cdk:subnet-name", "Value": kind} in each["Properties"]["Tags"]
    }


def cidrs(template: Template, kind: str) -> list[IPv4Network]:
    """The addresses of the subnets of a kind."""
    return [IPv4Network(each["CidrBlock"]) for each in subnets(template, kind).values()]


def default_routes(template: Template, kind: str) -> Iterator[Any]:
    """Where 0.0.0.0/0 leads from each subnet of a kind: the route's properties, None without such a route."""
    tables = {
        each["SubnetId"]["Ref"]: each["RouteTableId"]["Ref"]
        for each in resources(template, "AWS::EC2::SubnetRouteTableAssociation")
    }
    for subnet in subnets(template, kind):
        routes = [
            each
            for each in resources(template, "AWS::EC2::Route")
            if each["RouteTableId"]["Ref"] == tables[subnet]
        ]
        assert len(routes) <= 1
        yield routes[0] if routes else None
