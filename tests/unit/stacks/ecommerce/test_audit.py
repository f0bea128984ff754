"""The audit trail: of all regions, provable, kept for a year, and an alarm for what should not happen."""

import json

import pytest

from stacks.ecommerce.operations.audit_events import AUDIT_EVENTS
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources


def audit(**given: object) -> Template:
    return platform(**given)["EcommerceAudit-us-east-1"]


def test_one_trail_of_all_regions_that_can_be_proven_unchanged() -> None:
    assert [name for name in platform() if name.startswith("EcommerceAudit")] == ["EcommerceAudit-us-east-1"]
    trail = only(audit(), "AWS::CloudTrail::Trail")
    for name in (
        "IsLogging",
        "IsMultiRegionTrail",
        "IncludeGlobalServiceEvents",
        "EnableLogFileValidation",
    ):
        assert trail[name] is True, name
    assert "EcommerceKeys-us-east-1" in json.dumps(trail["KMSKeyId"])
    assert trail["CloudWatchLogsLogGroupArn"]


def test_its_replacement_would_lose_the_trail_so_names_and_ids_stay() -> None:
    found = {
        name: each["Type"]
        for name, each in audit()["Resources"].items()
        if each["Type"] in ("AWS::CloudTrail::Trail", "AWS::S3::Bucket")
    }
    assert found == {
        "StoreAccessLogF76F7953": "AWS::S3::Bucket",
        "StoreBucket4FBDE984": "AWS::S3::Bucket",
        "Trail8987F129": "AWS::CloudTrail::Trail",
    }
    assert only(audit(), "AWS::CloudTrail::Trail")["TrailName"] == "ecommerce-audit"


def test_nobody_deletes_a_log_file_before_its_year_unless_all_is_to_go_with_the_stack() -> None:
    (store,) = (
        each
        for each in resources(audit(), "AWS::S3::Bucket")
        if each["BucketEncryption"] and "LoggingConfiguration" in each
    )
    assert store["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Days": 365, "Mode": "GOVERNANCE"}
    assert store["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = store["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] > 365
    assert rule["Transitions"][0]["TransitionInDays"] >= 90, "PCI DSS 10.5.1: three months at hand"
    gone = audit(removal_policy="destroy")
    assert not any("ObjectLockConfiguration" in each for each in resources(gone, "AWS::S3::Bucket"))


def test_only_this_trail_writes_into_the_bucket() -> None:
    for policy in resources(audit(), "AWS::S3::BucketPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement.get("Principal") == {"Service": "cloudtrail.amazonaws.com"}:
                assert "trail/ecommerce-audit" in json.dumps(
                    statement["Condition"]["StringEquals"]["aws:SourceArn"]
                )


def _selector(name: str, **given: object) -> dict[str, Template]:
    (found,) = (
        each["FieldSelectors"]
        for each in only(audit(**given), "AWS::CloudTrail::Trail")["AdvancedEventSelectors"]
        if each["Name"] == name
    )
    return {each["Field"]: each for each in found}


def test_objects_are_recorded_but_not_the_trails_own_writing() -> None:
    """It would record that it records, and never end."""
    arn = _selector("Objects of the platform's buckets")["resources.ARN"]
    assert "s3:::ecommerce-" in json.dumps(arn["StartsWith"])
    assert "s3:::ecommerce-audit-" in json.dumps(arn["NotStartsWith"])


def test_people_at_the_tables_are_recorded_and_the_shop_itself_if_asked_for() -> None:
    selected = _selector("Items of the platform's tables")
    assert selected["resources.ARN"]["EndsWith"] == [":table/ecommerce-carts"]
    assert "assumed-role/Ecommerce" in json.dumps(selected["userIdentity.arn"]["NotStartsWith"])
    assert "userIdentity.arn" not in _selector(
        "Items of the platform's tables", ecommerce_audited_tables="all"
    )


def test_each_of_the_benchmarks_fourteen_has_a_filter_and_an_alarm_on_its_metric() -> None:
    filters = {
        each["MetricTransformations"][0]["MetricName"]: each
        for each in resources(audit(), "AWS::Logs::MetricFilter")
    }
    alarms = {each["MetricName"]: each for each in resources(audit(), "AWS::CloudWatch::Alarm")}
    assert len(AUDIT_EVENTS) == 14
    assert filters.keys() == alarms.keys() == {event.id for event in AUDIT_EVENTS}
    for name, alarm in alarms.items():
        assert alarm["Namespace"] == filters[name]["MetricTransformations"][0]["MetricNamespace"]


@pytest.mark.parametrize("event", AUDIT_EVENTS, ids=lambda event: event.id)
def test_a_pattern_is_one_that_cloudwatch_logs_takes(event: object) -> None:
    pattern = getattr(event, "pattern")  # noqa: B009
    assert len(pattern) <= 1024, "quota of a metric filter's pattern"
    assert pattern.count("(") == pattern.count(")")
    assert pattern.startswith("{ ")
    assert pattern.endswith(" }")


def test_insights_and_anomalies_only_if_asked_for() -> None:
    assert "InsightSelectors" not in only(audit(), "AWS::CloudTrail::Trail")
    assert not resources(audit(), "AWS::Logs::LogAnomalyDetector")
    more = audit(ecommerce_trail_insights=True, ecommerce_log_anomalies=True)
    assert len(only(more, "AWS::CloudTrail::Trail")["InsightSelectors"]) == 2
    detector = only(more, "AWS::Logs::LogAnomalyDetector")
    assert detector["KmsKeyId"]
