"""What watches each region, that it is off where it costs, and which findings reach somebody."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from stacks import settings
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.security.configuration import RULES
from stacks.ecommerce.security.detection_stack import EcommerceDetection
from stacks.ecommerce.topology import DEFAULT
from stacks.settings import SettingsError
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.ecommerce.policies import ACCOUNT, text
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template, only, resources

EVERYTHING: dict[str, object] = {
    "ecommerce_guardduty": True,
    "ecommerce_config": True,
    "ecommerce_security_hub": True,
}
COSTLY = ("AWS::GuardDuty::Detector", "AWS::SecurityHub::Hub", "AWS::Config::ConfigurationRecorder")


def detection(**given: object) -> dict[str, Template]:
    """The templates by region."""
    found = platform(**given)
    return {region.name: found[stack_name("Detection", region.name, None)] for region in DEFAULT.regions}


def test_what_is_open_to_others_is_looked_for_in_every_region_and_nothing_that_costs() -> None:
    for found in detection().values():
        assert only(found, "AWS::AccessAnalyzer::Analyzer")["Type"] == "ACCOUNT"
        for kind in COSTLY:
            assert resources(found, kind) == []


def test_all_of_it_is_in_every_region_when_asked_for() -> None:
    for found in detection(**EVERYTHING).values():
        features = only(found, "AWS::GuardDuty::Detector")["Features"]
        assert {each["Name"] for each in features if each["Status"] == "ENABLED"} >= {
            "EKS_AUDIT_LOGS",
            "S3_DATA_EVENTS",
            "RDS_LOGIN_EVENTS",
            "LAMBDA_NETWORK_LOGS",
        }
        standards = [text(each["StandardsArn"]) for each in resources(found, "AWS::SecurityHub::Standard")]
        assert any("pci-dss/" in each for each in standards)
        assert any("foundational" in each for each in standards)
        rules = {each["Source"]["SourceIdentifier"] for each in resources(found, "AWS::Config::ConfigRule")}
        assert rules == set(RULES.values())


def test_identities_are_recorded_once() -> None:
    recorded = {
        region: only(found, "AWS::Config::ConfigurationRecorder")["RecordingGroup"]
        for region, found in detection(**EVERYTHING).items()
    }
    assert [region for region, each in recorded.items() if each["IncludeGlobalResourceTypes"]] == [
        DEFAULT.primary.name
    ]
    assert all(each["AllSupported"] for each in recorded.values())


def test_the_history_is_kept_closed_and_encrypted() -> None:
    for region, found in detection(**EVERYTHING).items():
        bucket = only(found, "AWS::S3::Bucket")
        assert text(bucket["BucketName"]) == f"ecommerce-config-{ACCOUNT}-{region}"
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        (rule,) = bucket["LifecycleConfiguration"]["Rules"]
        assert rule["ExpirationInDays"] >= 365
        assert f"EcommerceKeys-{region}" in str(only(found, "AWS::Config::DeliveryChannel")["S3KmsKeyArn"])


def test_security_hub_without_config_would_see_nothing() -> None:
    with pytest.raises(SettingsError, match="ecommerce_security_hub: true needs ecommerce_config=true"):
        settings.load({**NEEDED, "ecommerce_security_hub": True})


def told(tmp_path: Path, **given: object) -> Template:
    """Detection of a region with a topic."""
    app = App(context=FEATURE_FLAGS, outdir=str(tmp_path))
    elsewhere = Stack(app, "Elsewhere", env=Environment(region="eu-west-1"))
    region = next(region for region in DEFAULT.regions if region.name == "eu-west-1")
    stack = EcommerceDetection(
        app,
        region=region,
        settings=settings.load({**NEEDED, "ecommerce_phase": 4, **given}),
        operations_key=kms.Key(elsewhere, "Key"),
        alarm_topic=sns.Topic(elsewhere, "Topic"),
    )
    assembly = app.synth()
    assert "AWS::SNS::TopicPolicy" not in str(assembly.get_stack_by_name("Elsewhere").template)
    template: Template = assembly.get_stack_by_name(stack.stack_name).template
    return template


def matches(pattern: Any, event: Any) -> bool:
    """EventBridge's matching, of what these patterns use. "Amazon EventBridge event patterns"."""
    if isinstance(pattern, Mapping) and "Fn::Join" not in pattern:
        events = event if isinstance(event, list) else [event]
        return any(
            all(key in each and matches(inside, each[key]) for key, inside in pattern.items())
            for each in events
        )
    return any(_one(each, event) for each in pattern)


def _one(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping) and "numeric" in wanted:
        operator, least = wanted["numeric"]
        assert operator == ">="
        return bool(value >= least)
    if isinstance(wanted, Mapping) and "anything-but" in wanted:
        return value not in wanted["anything-but"]
    return bool(text(wanted) == value)


def event(source: str, kind: str, **detail: object) -> dict[str, object]:
    return {"source": source, "detail-type": kind, "detail": detail}


def hub(product: str, severity: str, workflow: str = "NEW") -> dict[str, object]:
    finding = {
        "Severity": {"Label": severity},
        "Workflow": {"Status": workflow},
        "RecordState": "ACTIVE",
        "ProductName": product,
    }
    return event("aws.securityhub", "Security Hub Findings - Imported", findings=[finding])


def assumed(role: str) -> dict[str, object]:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    return event(
        "aws.sts",
        "AWS API Call via CloudTrail",
        eventName="AssumeRole",
        requestParameters={"roleArn": arn},
    )


@pytest.mark.parametrize(
    ("given", "times"),
    [
        (event("aws.guardduty", "GuardDuty Finding", severity=8.1), 1),
        (event("aws.guardduty", "GuardDuty Finding", severity=4), 0),
        (hub("Security Hub", "CRITICAL"), 1),
        (hub("Security Hub", "LOW"), 0),
        (hub("Security Hub", "HIGH", "SUPPRESSED"), 0),
        (hub("GuardDuty", "HIGH"), 0),
        (event("aws.access-analyzer", "Access Analyzer Finding", status="ACTIVE"), 1),
        (event("aws.access-analyzer", "Access Analyzer Finding", status="ARCHIVED"), 0),
        (assumed("ecommerce-break-glass"), 1),
        (assumed("ecommerce-operator"), 0),
    ],
)
def test_each_severe_finding_is_told_once(tmp_path: Path, given: dict[str, object], times: int) -> None:
    rules = resources(told(tmp_path, **EVERYTHING), "AWS::Events::Rule")
    assert sum(matches(rule["EventPattern"], given) for rule in rules) == times


def test_what_is_not_on_has_no_rule_and_every_rule_keeps_what_it_could_not_tell(tmp_path: Path) -> None:
    found = told(tmp_path)
    rules = resources(found, "AWS::Events::Rule")
    assert {source for rule in rules for source in rule["EventPattern"]["source"]} == {
        "aws.access-analyzer",
        "aws.sts",
    }
    for rule in rules:
        (target,) = rule["Targets"]
        queue = found["Resources"][target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]]
        assert queue["Properties"]["KmsMasterKeyId"]
