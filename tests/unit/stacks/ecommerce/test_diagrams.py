"""The diagrams show what the templates say, all of it and no more."""

import json
import re

from review.platform import diagrams
from review.platform.templates import Templates
from stacks.ecommerce.parts import PARTS
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.networks import default_routes, network
from tests.unit.stacks.ecommerce.platform import platform, texts


def edges(diagram: str) -> list[tuple[str, str]]:
    return re.findall(r"^  (\w+) --> (\w+)$", diagram, re.MULTILINE)


def test_every_edge_between_stacks_is_in_the_readers_template_and_none_is_left_out() -> None:
    """Read from the text of the templates, and not by what drew them."""
    named = {
        (stack, other)
        for stack, text in texts().items()
        for other in re.findall(r'"StackName": "([^"]+)"', text)
        if other != stack
    }
    region = {stack: next(r.name for r in DEFAULT.regions if stack.endswith(r.name)) for stack in platform()}
    far = {(one, other) for one, other in named if region[one] != region[other]}
    assert set(diagrams.between_regions(platform())) == far
    assert edges(diagrams.regions_diagram(platform())) == [
        (one.replace("-", "_"), other.replace("-", "_")) for one, other in sorted(far)
    ]
    assert set(edges(diagrams.parts_diagram(platform()))) == {
        (one.split("-")[0].removeprefix("Ecommerce"), other.split("-")[0].removeprefix("Ecommerce"))
        for one, other in named - far
    }


def test_every_part_is_drawn() -> None:
    drawn = diagrams.parts_diagram(platform())
    assert {name for name in PARTS if re.search(rf"^    {name}$", drawn, re.MULTILINE)} == PARTS.keys()


def test_the_way_of_a_request_follows_references_between_stacks() -> None:
    there = {
        "Resources": {"T": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"}},
        "Outputs": {"O": {"Value": {"Fn::GetAtt": ["T", "DNSName"]}}},
    }
    read = {"Fn::GetStackOutput": {"StackName": "EcommerceKeys-eu-west-1", "OutputName": "O"}}
    here = {"Resources": {"D": {"Type": "AWS::CloudFront::Distribution", "Properties": {"X": read}}}}
    made: Templates = {"EcommerceKeys-us-east-1": here, "EcommerceKeys-eu-west-1": there}
    assert diagrams.way_of_a_request(made) == [("CloudFront", "ALB")]
    assert edges(diagrams.way_diagram(made)) == [("CloudFront", "ALB")]


def test_a_network_is_drawn_with_its_subnets_and_default_routes() -> None:
    template = network(DEFAULT.primary.name)
    drawn = diagrams.network_diagram(template)
    for name, each in template["Resources"].items():
        if each["Type"] == "AWS::EC2::Subnet":
            assert each["Properties"]["CidrBlock"] in drawn, name
    routed = [
        route
        for kind in ("Public", "Private", "Isolated")
        for route in default_routes(template, kind)
        if route
    ]
    gateways = sum(each["Type"] == "AWS::EC2::NatGateway" for each in template["Resources"].values())
    assert len(edges(drawn)) == len(routed) + gateways
    for one, other in edges(drawn):
        assert one in template["Resources"], json.dumps([one, other])
        assert other in template["Resources"]
