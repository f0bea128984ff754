"""The stack Delivery alone, synthesized in this process, and what is in it."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from stacks import settings
from stacks.delivery import Delivery
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template

REPOSITORY = "octo-org/octo-repo"
ENVIRONMENTS = "production,preview,drift"
_ACCOUNT = "123456789012"


def delivery(**given: object) -> Template:
    """Its template for these settings, beside a repository and three environments; to be read only."""
    return _delivery(tuple(sorted(given.items())))


@cache
def _delivery(given: tuple[tuple[str, object], ...]) -> Template:
    chosen = settings.load(
        {
            "account": _ACCOUNT,
            "delivery_repository": REPOSITORY,
            "delivery_environments": ENVIRONMENTS,
            **dict(given),
        }
    )
    suffix = f"-{chosen.stage}" if chosen.stage else ""
    with tempfile.TemporaryDirectory() as outdir:
        app = App(context=FEATURE_FLAGS, outdir=outdir)
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        Delivery(
            app,
            "It",
            env=Environment(account=chosen.account, region=chosen.region),
            settings=chosen,
            site=f"StaticSite{suffix}",
            counter=f"VisitorCounter{suffix}",
        )
        app.synth()
        template: Template = json.loads((Path(outdir) / "It.template.json").read_text())
    return template


def role(found: Template, name: str) -> Template:
    """The properties of the role called `name`."""
    (properties,) = (
        each["Properties"]
        for each in found["Resources"].values()
        if each["Properties"].get("RoleName") == name
    )
    return dict(properties)


def policies(found: Template, name: str) -> list[dict[str, Any]]:
    """The documents that say what the role called `name` may do."""
    (logical_id,) = (
        key for key, each in found["Resources"].items() if each["Properties"].get("RoleName") == name
    )
    return [
        each["Properties"]["PolicyDocument"]
        for each in found["Resources"].values()
        if each["Type"] == "AWS::IAM::Policy" and {"Ref": logical_id} in each["Properties"]["Roles"]
    ]


def boundary(found: Template, name: str) -> dict[str, Any]:
    """The document of the boundary that the role called `name` has."""
    bound = found["Resources"][role(found, name)["PermissionsBoundary"]["Ref"]]
    assert bound["Type"] == "AWS::IAM::ManagedPolicy"
    return dict(bound["Properties"]["PolicyDocument"])
