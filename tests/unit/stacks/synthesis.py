"""The application synthesized in this process: one Node for all, about 0.4 s for each set of settings."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App

import app as application
from stacks import settings
from tests.unit.stacks import assemblies

ROOT = Path(__file__).resolve().parents[3]
Template = dict[str, Any]
FEATURE_FLAGS: dict[str, object] = json.loads((ROOT / "cdk.json").read_text())["context"]


def compose(outdir: Path, given: dict[str, object], *, site: Path | None = None) -> App:
    """The composed application, not yet synthesized, with the settings `given` beside cdk.json's flags."""
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    chosen = settings.load(given)
    if site:
        chosen = chosen.model_copy(update={"site": str(site)})
    application.compose(app, chosen, application.look_at_site(chosen))
    return app


def _synthesize(folder: Path, given: dict[str, object]) -> None:
    compose(folder, given).synth()


@cache
def _assembly(given: tuple[tuple[str, object], ...]) -> Path:
    return assemblies.once(("app", given), lambda folder: _synthesize(folder, dict(given)))


def assembly(**given: object) -> Path:
    """Folder of the cloud assembly for these settings; synthesized once per run."""
    return _assembly(tuple(sorted(given.items())))


def templates(**given: object) -> dict[str, Template]:
    """Every stack's synthesized template by its name."""
    return {
        path.name.removesuffix(".template.json"): json.loads(path.read_text())
        for path in sorted(assembly(**given).glob("*.template.json"))
    }


def template(stack: str, **given: object) -> Template:
    """The synthesized template of one stack."""
    text = (assembly(**given) / f"{stack}.template.json").read_text()
    parsed: Template = json.loads(text)
    return parsed


def resources(found: Template, kind: str) -> list[Template]:
    """The properties of all resources of a CloudFormation type, in the template's order."""
    return [each.get("Properties", {}) for each in found["Resources"].values() if each["Type"] == kind]


def only(found: Template, kind: str) -> Template:
    """The properties of the one resource of a type; fails if there is none or more."""
    (properties,) = resources(found, kind)
    return properties
