"""The whole platform, synthesized once for each set of settings, with three of cdk-nag's packs."""

import json
import tempfile
from functools import cache
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks

from stacks import settings
from stacks.ecommerce import stage
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template

NEEDED: dict[str, object] = {"ecommerce": True, "ecommerce_domain": "shop.example.org"}
LAST_PHASE = 5


def compose(outdir: Path, given: dict[str, object]) -> App:
    """The platform alone, not yet synthesized, as app.py composes it beside site and counter; all phases, unless
    `given` has an ecommerce_phase."""
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    for pack in (AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks):
        Validations.of(app).add_plugins(pack(app))
    stage.compose(app, settings.load({**NEEDED, "ecommerce_phase": LAST_PHASE, **given}))
    return app


@cache
def _texts(given: tuple[tuple[str, object], ...]) -> dict[str, str]:
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
    return _texts(tuple(sorted(given.items())))


def platform(**given: object) -> dict[str, Template]:
    """The templates of the platform's stacks by their name."""
    return {name: json.loads(text) for name, text in texts(**given).items()}
