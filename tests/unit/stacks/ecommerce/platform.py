"""The whole platform, synthesized once for each set of settings, with three of cdk-nag's packs."""

import json
import os
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks

from stacks import settings
from stacks.ecommerce import stage
from tests.unit.stacks import assemblies
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template

NEEDED: dict[str, object] = {"ecommerce": True, "ecommerce_domain": "shop.example.org"}
LAST_PHASE = 5
# Each set of settings takes ten seconds of both cores; these two are what most tests ask of.
_EVERYDAY: tuple[dict[str, object], ...] = ({}, {"ecommerce_phase": 1})


def compose(outdir: Path, given: dict[str, object]) -> App:
    """The platform alone, not yet synthesized, as app.py composes it beside site and counter; all phases, unless
    `given` has an ecommerce_phase."""
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    for pack in (AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks):
        Validations.of(app).add_plugins(pack(app))
    stage.compose(app, settings.load({**NEEDED, "ecommerce_phase": LAST_PHASE, **given}))
    return app


def _synthesize(folder: Path, given: dict[str, object]) -> None:
    compose(folder, given).synth()
    # An error ends synth by itself; a warning of cdk-nag or of CloudFormation's own rules is in the report.
    report = json.loads((folder / "validation-report.json").read_text())
    assert report["pluginReports"] == []


@cache
def assembly(given: tuple[tuple[str, object], ...]) -> Path:
    """The folder of the cloud assembly for these settings. Raises NotSynthesizedError."""
    if os.environ.get("PLATFORM_SETTINGS") == "few" and dict(given) not in _EVERYDAY:
        pytest.skip("LEFT TO CI: the platform with other settings than the defaults; ARGS=--thorough runs it")
    return assemblies.once(("platform", given), partial(_synthesize, given=dict(given)))


@cache
def _texts(given: tuple[tuple[str, object], ...]) -> dict[str, str]:
    return {
        path.name.removesuffix(".template.json"): path.read_text()
        for path in assembly(given).glob("*.template.json")
    }


def texts(**given: object) -> dict[str, str]:
    """The templates of the platform's stacks by their name, as they are written."""
    return _texts(tuple(sorted(given.items())))


@cache  # to parse all of them takes longer than most tests; nobody changes them
def _parsed(given: tuple[tuple[str, object], ...]) -> dict[str, Template]:
    return {name: json.loads(text) for name, text in _texts(given).items()}


def platform(**given: object) -> dict[str, Template]:
    """The templates of the platform's stacks by their name; to be read only."""
    return _parsed(tuple(sorted(given.items())))


def artifacts(**given: object) -> dict[str, dict[str, Any]]:
    """What the cloud assembly's manifest says of each of the platform's stacks, by its name."""
    folder = assembly(tuple(sorted(given.items())))
    return {
        name: each
        for name, each in json.loads((folder / "manifest.json").read_text())["artifacts"].items()
        if each["type"] == "aws:cloudformation:stack"
    }
