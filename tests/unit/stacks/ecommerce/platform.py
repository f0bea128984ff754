"""The whole platform, synthesized once for each set of settings, with three of cdk-nag's packs."""

import atexit
import fcntl
import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks

from stacks import settings
from stacks.ecommerce import stage
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template

NEEDED: dict[str, object] = {"ecommerce": True, "ecommerce_domain": "shop.example.org"}
LAST_PHASE = 5
# Each set of settings takes ten seconds of both cores; these two are what most tests ask of.
_EVERYDAY: tuple[dict[str, object], ...] = ({}, {"ecommerce_phase": 1})

# Of all workers of one run of pytest, see tests/conftest.py; a process by itself has its own.
_OWN = tempfile.TemporaryDirectory(prefix="platform-")
atexit.register(_OWN.cleanup)
_RUN = Path(os.environ.get("PLATFORM_ASSEMBLIES", _OWN.name))


def compose(outdir: Path, given: dict[str, object]) -> App:
    """The platform alone, not yet synthesized, as app.py composes it beside site and counter; all phases, unless
    `given` has an ecommerce_phase."""
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    for pack in (AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks):
        Validations.of(app).add_plugins(pack(app))
    stage.compose(app, settings.load({**NEEDED, "ecommerce_phase": LAST_PHASE, **given}))
    return app


class NotSynthesizedError(RuntimeError):
    """The platform cannot be synthesized with these settings, or has findings."""


def _synthesize(folder: Path, given: dict[str, object]) -> None:
    compose(folder, given).synth()
    # An error ends synth by itself; a warning of cdk-nag or of CloudFormation's own rules is in the report.
    report = json.loads((folder / "validation-report.json").read_text())
    assert report["pluginReports"] == []


@cache
def assembly(given: tuple[tuple[str, object], ...]) -> Path:
    """The folder of the cloud assembly for these settings: once for all processes of a run, as it takes half a
    minute. Raises NotSynthesizedError, each time for the same reason."""
    if os.environ.get("PLATFORM_SETTINGS") == "few" and dict(given) not in _EVERYDAY:
        pytest.skip("LEFT TO CI: the platform with other settings than the defaults; ARGS=--thorough runs it")
    folder = _RUN / hashlib.sha256(repr(given).encode()).hexdigest()[:16]
    with (_RUN / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "outcome"
        if not done.exists():
            folder.mkdir()
            try:
                _synthesize(folder, dict(given))
                done.write_text("")
            except (RuntimeError, AssertionError) as error:
                done.write_text(str(error))
    if failed := done.read_text():
        raise NotSynthesizedError(failed)
    return folder


@cache
def _texts(given: tuple[tuple[str, object], ...]) -> dict[str, str]:
    return {
        path.name.removesuffix(".template.json"): path.read_text()
        for path in assembly(given).glob("*.template.json")
    }


def texts(**given: object) -> dict[str, str]:
    """The templates of the platform's stacks by their name, as they are written."""
    return _texts(tuple(sorted(given.items())))


def platform(**given: object) -> dict[str, Template]:
    """The templates of the platform's stacks by their name."""
    return {name: json.loads(text) for name, text in texts(**given).items()}
