"""What the rule packs find when nothing is acknowledged, and what is acknowledged."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from aws_cdk import Acknowledgment, App
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks
from constructs import IConstruct

from review.platform.acknowledgements import Acknowledgement, Finding, of_checkov
from stacks import settings
from stacks.ecommerce import acknowledged, stage
from tests.unit.stacks.ecommerce import everything
from tests.unit.stacks.ecommerce.platform import LAST_PHASE, NEEDED, platform
from tests.unit.stacks.synthesis import FEATURE_FLAGS


@cache
def all_of_it() -> tuple[list[Acknowledgement], list[Finding]]:
    """Of the defaults and of everything that a setting adds."""
    given: dict[Acknowledgement, None] = {}
    found: dict[Finding, None] = {}
    for asked in ({}, everything.settings()):
        recorded, findings = _of(asked)
        given |= dict.fromkeys(recorded)
        found |= dict.fromkeys(findings)
    for templates in (platform(), everything.everything()):
        given |= dict.fromkeys(of_checkov(templates))
    return list(given), list(found)


def _of(asked: dict[str, object]) -> tuple[list[Acknowledgement], list[Finding]]:
    with tempfile.TemporaryDirectory() as outdir, _recorded() as given:
        app = App(context=FEATURE_FLAGS, outdir=outdir)
        stage.compose(app, settings.load({**NEEDED, "ecommerce_phase": LAST_PHASE, **asked}))
        _synthesized(app)
        found = [*_of_the_packs(app), *_of_the_cdk(Path(outdir) / "validation-report.json")]
    return given, found


def _synthesized(app: App) -> None:
    try:
        app.synth()
    except RuntimeError as error:
        # a finding of the CDK's own validation that nobody acknowledges now; its report is written before
        if "ValidationFailed" not in str(error):
            raise


def _of_the_packs(app: App) -> Iterator[Finding]:
    for pack in (AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks):
        for violation in pack(app).validate_scope(app).violations:
            for resource in violation.violating_resources:
                yield Finding(resource.construct_path or "", violation.rule_name)


def _of_the_cdk(report: Path) -> Iterator[Finding]:
    if not report.exists():
        return
    for plugin in json.loads(report.read_text())["pluginReports"]:
        namespace = plugin["pluginName"].replace(" ", "-")
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                yield Finding(construct["constructPath"], f"{namespace}::{violation['ruleName']}")


@contextmanager
def _recorded() -> Iterator[list[Acknowledgement]]:
    """Acknowledgements are noted, and not given, while the block runs."""
    given: list[Acknowledgement] = []

    class Recorder:
        def __init__(self, construct: IConstruct) -> None:
            self._path = construct.node.path

        @classmethod
        def of(cls, construct: IConstruct) -> "Recorder":
            return cls(construct)

        def acknowledge(self, *rules: Acknowledgment) -> None:
            given.extend(Acknowledgement(self._path, rule.id, rule.reason) for rule in rules)

    module = vars(acknowledged)
    real = module["Validations"]
    module["Validations"] = Recorder
    try:
        yield given
    finally:
        module["Validations"] = real
