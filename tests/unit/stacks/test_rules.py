"""cdk-nag's AwsSolutions rules and cfn-lint, over the combinations of settings that change resources."""

from itertools import product
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import ManualArgs, lint  # type: ignore[import-untyped]  # cfn-lint ships no types

from tests.golden import CASES
from tests.unit.stacks.synthesis import assembly, compose

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
COMBINATIONS: list[dict[str, object]] = [
    *(
        {"hosting": "cloudfront", "routing": routing, "visitor_count": count, "egress": egress}
        for routing, count, egress in product(("clean-urls", "spa"), (False, True), ("public-ip", "nat"))
    ),
    {"hosting": "website"},
    CASES["domain"],
    CASES["counter"],
    {**CASES["domain"], "removal_policy": "destroy", "account": "123456789012"},
    {"domain": "example.org", "region": "eu-west-1", "certificate_arn": CERTIFICATE},
    {"removal_policy": "destroy", "visitor_count": True, "redis_replicas": 0, "container_insights": True},
    {"redis_engine": "redis", "counter_deployment": "blue-green", "counter_spot_percent": 50},
    {"redis_mode": "serverless", "egress": "endpoints", "counter_exec": True},
    {"redis_mode": "serverless", "redis_engine": "redis", "counter_exec": True, "account": "123456789012"},
    {"hosting": "website", "removal_policy": "destroy", "account": "123456789012", "region": "eu-west-1"},
]
# They have between them nearly every resource that any of the cases has, and cfn-lint takes seconds for each.
_MOST_OF_ALL = ("everything", "counter")


@pytest.mark.parametrize(
    "given", COMBINATIONS, ids=lambda given: "-".join(str(value) for value in given.values())
)
def test_no_finding_without_a_reason(given: dict[str, object]) -> None:
    app = compose(assembly(), {**given, "nag": False})  # composed only: nothing is written to the folder
    report = AwsSolutionsChecks().validate_scope(app)
    assert report.violations == []


@pytest.mark.thorough
def test_every_acknowledgement_answers_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers none any more hides the next finding of its kind."""
    acknowledged: set[str] = set()

    def record(_: Validations, *rules: Acknowledgment) -> None:
        acknowledged.update(rule.id for rule in rules)

    monkeypatch.setattr(Validations, "acknowledge", record)
    found: set[str] = set()
    for number, given in enumerate(COMBINATIONS):
        app = compose(tmp_path / str(number), {**given, "nag": False})
        found |= {violation.rule_name for violation in AwsSolutionsChecks().validate_scope(app).violations}
    assert {rule for rule in acknowledged if rule.startswith("AwsSolutions")} == found


def test_a_finding_stops_synth(tmp_path: Path) -> None:
    app = compose(tmp_path, {})
    s3.Bucket(Stack(app, "Careless"), "Bucket")
    with pytest.raises(RuntimeError, match=r"Careless/Bucket/Resource(?s:.)*AwsSolutions-S10"):
        app.synth()


def test_without_nag_a_finding_does_not(tmp_path: Path) -> None:
    app = compose(tmp_path, {"nag": False})
    s3.Bucket(Stack(app, "Careless"), "Bucket")
    app.synth()


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=() if case in _MOST_OF_ALL else pytest.mark.thorough) for case in CASES],
)
def test_cfn_lint_has_nothing_to_say(case: str) -> None:
    found = [
        f"{path.name}: {match}"
        for path in assembly(**CASES[case]).glob("*.template.json")
        for match in lint(path.read_text(), config=ManualArgs(regions=["us-east-1"]))
        # W3005: the CDK's own custom resources name a dependency twice.
        if match.rule.id != "W3005"
    ]
    assert found == []
