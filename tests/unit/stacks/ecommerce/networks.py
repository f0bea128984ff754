"""The networks of all regions, synthesized once for each set of settings, and questions to one of them."""

import json
import tempfile
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from stacks import settings
from stacks.ecommerce import stage
from stacks.ecommerce.names import stack_name
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template, resources


def compose(outdir: Path, given: dict[str, object]) -> App:
    """The platform alone, not yet synthesized, as app.py composes it beside site and counter."""
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    stage.compose(app, settings.load({"ecommerce": True, **given}))
    return app


@cache
def _networks(given: tuple[tuple[str, object], ...]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as outdir:
        compose(Path(outdir), dict(given)).synth()
        # An error ends synth by itself; a warning of cdk-nag or of CloudFormation's own rules is in the report.
        report = json.loads((Path(outdir) / "validation-report.json").read_text())
        assert report["pluginReports"] == []
        return {
            path.name.removesuffix(".template.json"): path.read_text()
            for path in Path(outdir).glob("*.template.json")
        }


def texts(**given: object) -> dict[str, str]:
    """The templates of the platform's stacks by their name, as they are written."""
    return _networks(tuple(sorted(given.items())))


def networks(**given: object) -> dict[str, Template]:
    """The templates of the platform's stacks by their name."""
    return {name: json.loads(text) for name, text in texts(**given).items()}


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
