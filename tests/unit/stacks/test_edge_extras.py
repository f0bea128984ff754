"""What a site has on demand beside its pages: access logs, a web ACL, alarms."""

import json

import pytest

from review.cost import Usage, by_use, fixed
from stacks import prices
from tests.unit.stacks.synthesis import only, resources, template


def test_access_logs_go_to_a_closed_bucket_and_are_deleted_in_time() -> None:
    found = template("StaticSite", access_logs=True, log_retention_days=7)
    (bucket,) = [
        each for each in resources(found, "AWS::S3::Bucket") if "VersioningConfiguration" not in each
    ]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 7
    (policy,) = [p for p in resources(found, "AWS::S3::BucketPolicy") if "delivery.logs" in json.dumps(p)]
    denied, allowed = policy["PolicyDocument"]["Statement"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert allowed["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}
    name = only(found, "AWS::Logs::DeliverySource")["Name"]
    assert json.dumps(allowed["Condition"]["ArnLike"]).endswith(f':delivery-source:{name}"]]}}}}')
    destination = only(found, "AWS::Logs::DeliveryDestination")
    assert (destination["OutputFormat"], destination["Name"]) == ("w3c", name)
    fields = only(found, "AWS::Logs::Delivery")["RecordFields"]
    assert "c-ip" in fields
    assert "cs(Cookie)" not in fields


def test_the_firewall_has_the_rules_that_its_price_is_of() -> None:
    found = template("StaticSite", waf=True, waf_rate_limit=2_000_000_000)
    acl = only(found, "AWS::WAFv2::WebACL")
    assert acl["Scope"] == "CLOUDFRONT"
    assert "Name" not in acl
    assert acl["DefaultAction"] == {"Allow": {}}
    assert [rule["Priority"] for rule in acl["Rules"]] == [0, 1, 2, 3]
    rate, *managed = acl["Rules"]
    assert rate["Statement"]["RateBasedStatement"]["Limit"] == 2_000_000_000
    assert rate["Action"] == {"Block": {}}
    assert [rule["OverrideAction"] for rule in managed] == [{"None": {}}] * 3
    assert all(rule["VisibilityConfig"]["CloudWatchMetricsEnabled"] for rule in acl["Rules"])
    configured = only(found, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert configured["WebACLId"]["Fn::GetAtt"][1] == "Arn"
    billed = sum(line.usd for line in fixed(found))
    assert billed == prices.web_acl(rules=4) == 9
    (asked,) = [line for line in by_use(found, Usage(visits=500_000)) if line.what.startswith("WAF")]
    assert asked.usd == pytest.approx(5 * 0.60)


def test_alarms_are_mailed_over_an_encrypted_topic() -> None:
    found = template("StaticSite", alarm_email="ops@example.org")
    alarms = {each["MetricName"]: each for each in resources(found, "AWS::CloudWatch::Alarm")}
    assert set(alarms) == {"5xxErrorRate", "OriginLatency"}
    for alarm in alarms.values():
        assert (alarm["Namespace"], alarm["TreatMissingData"], alarm["Period"]) == (
            "AWS/CloudFront",
            "notBreaching",
            300,
        )
        assert {"Name": "Region", "Value": "Global"} in alarm["Dimensions"]
        assert len(alarm["AlarmActions"]) == 1
    assert (alarms["5xxErrorRate"]["DatapointsToAlarm"], alarms["5xxErrorRate"]["EvaluationPeriods"]) == (
        2,
        3,
    )
    assert alarms["OriginLatency"]["ExtendedStatistic"] == "p90"
    assert "KmsMasterKeyId" in only(found, "AWS::SNS::Topic")
    assert "TopicName" not in only(found, "AWS::SNS::Topic")
    policy = only(found, "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [each["Condition"] for each in policy]
    for statements in (policy, only(found, "AWS::KMS::Key")["KeyPolicy"]["Statement"]):
        (given,) = [s for s in statements if s["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
        assert given["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    mail = only(found, "AWS::SNS::Subscription")
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", "ops@example.org")
    assert len(resources(found, "AWS::CloudFront::MonitoringSubscription")) == 1
    assert sum(line.usd for line in fixed(found)) == pytest.approx(prices.SITE_ALARMS) == pytest.approx(3.60)


def test_two_stages_do_not_share_a_name() -> None:
    kind = "AWS::Logs::DeliverySource"
    names = {
        only(template(f"StaticSite-{stage}", access_logs=True, stage=stage), kind)["Name"]
        for stage in ("pr-41", "pr-42")
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::Logs::Delivery",
        "AWS::WAFv2::WebACL",
        "AWS::CloudWatch::Alarm",
        "AWS::SNS::Topic",
        "AWS::KMS::Key",
    ],
)
def test_nothing_of_it_is_there_unasked(kind: str) -> None:
    assert resources(template("StaticSite"), kind) == []
