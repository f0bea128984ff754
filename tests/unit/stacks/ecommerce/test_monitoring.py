"""What is watched: every alarm tells somebody and says what to do, every metric is one that something makes."""

import json
import re
from typing import Any

import pytest

from stacks.ecommerce import names
from stacks.ecommerce.operations.business_metrics.handler import MEASURES
from stacks.ecommerce.operations.metrics import cache_nodes
from stacks.ecommerce.operations.shop_events import FACTS
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.services import NAMESPACE, SERVICES
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.monitoring import monitoring
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import ROOT, Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
RUNBOOKS = (ROOT / "docs" / "ecommerce-runbooks.md").read_text()
BUSINESS = {
    name
    for event in FACTS
    for name, _, _ in MEASURES[event.name](event.example)
}  # fmt: skip


def alarms(found: Template) -> list[Template]:
    return [each for kind in ALARMS for each in resources(found, kind)]


def everything() -> dict[str, Template]:
    """All stacks, and those of a region with a load balancer."""
    return {
        **platform(),
        **{stack_name("Monitoring", each.name, None): monitoring(each.name) for each in DEFAULT.regions},
    }


def test_every_alarm_tells_somebody_when_it_goes_off_and_when_it_is_over() -> None:
    seen = 0
    for name, found in everything().items():
        for alarm in alarms(found):
            seen += 1
            assert alarm.get("AlarmActions"), (name, alarm)
            assert alarm.get("OKActions"), (name, alarm)
            assert alarm.get("ActionsEnabled", True), (name, alarm)
    assert seen > 100


def test_every_alarm_says_what_to_do_in_a_section_that_is_there() -> None:
    for name in everything():
        if not name.startswith(
            ("EcommerceMonitoring", "EcommerceAudit", "EcommerceCanaries", "EcommerceCost")
        ):
            continue
        for alarm in alarms(everything()[name]):
            section = re.search(r"Runbook: docs/ecommerce-runbooks\.md#(\w+)$", alarm["AlarmDescription"])
            assert section, alarm["AlarmDescription"]
            assert f"\n## {section[1]}\n" in RUNBOOKS, section[1]


@every_region
def test_a_region_is_unhealthy_when_customers_see_errors_or_a_service_has_no_pod(region: Region) -> None:
    found = monitoring(region.name)
    composite = only(found, "AWS::CloudWatch::CompositeAlarm")
    assert composite["AlarmName"] == names.region_alarm(None), "the recovery's plan computes it"
    rule = json.dumps(composite["AlarmRule"])
    assert rule.count("ALARM(") == 1 + len(SERVICES)
    for service in SERVICES:
        assert f"NoHost{service.name}" in rule
    assert "Database" not in rule


@every_region
def test_lag_is_watched_where_there_is_a_replica(region: Region) -> None:
    lag = [
        each
        for each in resources(monitoring(region.name), ALARMS[0])
        if each.get("MetricName") == "ReplicaLag"
    ]
    assert bool(lag) is (region.role != "primary")
    for alarm in lag:
        assert alarm["Threshold"] <= 15 * 60, "the document allows fifteen minutes of orders to be lost"
        assert alarm["TreatMissingData"] == "breaching"


def test_before_the_last_phase_nothing_is_watched_that_it_brings() -> None:
    for name, found in platform(ecommerce_phase=4).items():
        assert "ReplicaLag" not in {each.get("MetricName") for each in resources(found, ALARMS[0])}, name
        assert "CloudWatchSynthetics" not in json.dumps(found), name


def _of_alarm(alarm: Template) -> list[dict[str, Any]]:
    single = [alarm] if "MetricName" in alarm else []
    return single + [
        each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each
    ]


def _metrics(found: Template) -> list[tuple[str, str, dict[str, str]]]:
    """Namespace, name and dimensions of each metric of a template's alarms and dashboards."""
    made = [
        (
            each["Namespace"],
            each["MetricName"],
            {d["Name"]: json.dumps(d["Value"]) for d in each.get("Dimensions", [])},
        )
        for alarm in resources(found, ALARMS[0])
        for each in _of_alarm(alarm)
    ]
    for page in resources(found, "AWS::CloudWatch::Dashboard"):
        body = page["DashboardBody"]
        text = body if isinstance(body, str) else "".join(
            part if isinstance(part, str) else "TOKEN" for part in body["Fn::Join"][1]
        )  # fmt: skip
        for widget in json.loads(text)["widgets"]:
            for line in widget["properties"].get("metrics", []):
                if len(line) < 2:
                    continue  # a formula
                words = [word for word in line if isinstance(word, str)]
                dimensions = {
                    key: json.dumps(value) for key, value in zip(words[2::2], words[3::2], strict=True)
                }
                made.append((words[0], words[1], dimensions))
    return made


@every_region
def test_every_metric_is_of_something_that_is_there(region: Region) -> None:
    """A wrong name is no error in CloudWatch: its graph stays empty, and its alarm silent, for ever."""
    whole = everything()
    queues = {
        json.dumps(each["QueueName"])
        for found in whole.values()
        for each in resources(found, "AWS::SQS::Queue")
        if "QueueName" in each  # of a queue without one the reference is its name
    }
    canaries = {
        json.dumps(each["Name"])
        for found in whole.values()
        for each in resources(found, "AWS::Synthetics::Canary")
    }
    known: dict[str, set[str]] = {
        "QueueName": queues,
        "CanaryName": canaries,
        "DBInstanceIdentifier": {json.dumps(names.database(None))},
        "TableName": {json.dumps(names.table("carts", None))},
        "ReceivingRegion": {json.dumps(each.name) for each in DEFAULT.regions},
        "CacheClusterId": {json.dumps(node) for node in cache_nodes(None, shards=1, nodes_per_shard=2)},
        "ClusterName": {json.dumps(names.cluster(None))},
        "Namespace": {json.dumps(NAMESPACE)},
        "Service": {json.dumps(service.name) for service in SERVICES},
        "ApiName": {'"ecommerce-shop"'},
    }
    seen = _metrics(whole[stack_name("Monitoring", region.name, None)])
    assert len(seen) > 60
    for namespace, name, dimensions in seen:
        if namespace == names.metric_namespace(None):
            assert name in BUSINESS, name
            assert not dimensions
        elif namespace != "AWS/ApplicationELB":  # by reference: it cannot be wrong
            assert dimensions, (namespace, name)
            for key, value in dimensions.items():
                assert value in known[key], (namespace, name, key, value)


@every_region
def test_a_dead_letter_is_told_of_wherever_there_can_be_one(region: Region) -> None:
    whole = everything()
    watched = {
        dimensions["QueueName"]
        for name in (stack_name("Monitoring", region.name, None), "EcommerceCost-us-east-1")
        for _, metric, dimensions in _metrics(whole[name])
        if metric == "ApproximateNumberOfMessagesVisible"
    }
    for part in ("Events", "Monitoring"):
        for each in resources(whole[stack_name(part, region.name, None)], "AWS::SQS::Queue"):
            if "RedrivePolicy" not in each:
                assert json.dumps(each["QueueName"]) in watched


@every_region
def test_whoever_gets_the_alarms_is_told_of_certificates_keys_and_failovers(region: Region) -> None:
    found = monitoring(region.name)
    rules = {each["Description"]: each for each in resources(found, "AWS::Events::Rule")}
    assert {tuple(rule["EventPattern"]["source"]) for rule in rules.values()} == {
        ("aws.acm",),
        ("aws.kms",),
        ("aws.rds",),
        ("aws.health",),
    }
    for rule in rules.values():
        for target in rule["Targets"]:
            assert target["DeadLetterConfig"]
            assert target["RoleArn"], "an encrypted topic takes EventBridge's word for no account"
    database = rules["The database fails over or has a fault"]
    assert database["EventPattern"]["detail"]["SourceIdentifier"] == [names.database(None)]


def test_one_page_shows_all_regions_and_only_the_primary_has_it() -> None:
    for region in DEFAULT.regions:
        pages = {
            each["DashboardName"] for each in resources(monitoring(region.name), "AWS::CloudWatch::Dashboard")
        }
        wanted = {names.dashboard(region.name, None)}
        assert pages == (wanted | {names.dashboard("all", None)} if region.role == "primary" else wanted)


def test_a_mail_goes_to_whom_the_setting_names_in_each_region() -> None:
    for region in DEFAULT.regions:
        found = platform(ecommerce_alarm_email="sre@example.org", ecommerce_phase=4)
        mailed = resources(found[stack_name("Monitoring", region.name, None)], "AWS::SNS::Subscription")
        assert [(each["Protocol"], each["Endpoint"]) for each in mailed] == [("email", "sre@example.org")]
        assert not resources(
            platform()[stack_name("Monitoring", region.name, None)], "AWS::SNS::Subscription"
        )


@pytest.mark.parametrize("profile", ["demo", "standard", "peak"])
def test_probes_are_never_traced_and_checkouts_more_often_than_the_rest(profile: str) -> None:
    found = platform(ecommerce_profile=profile)["EcommerceMonitoring-us-east-1"]
    rules = sorted(
        (each["SamplingRule"] for each in resources(found, "AWS::XRay::SamplingRule")),
        key=lambda rule: rule["Priority"],
    )
    rates = {rule["URLPath"]: rule["FixedRate"] for rule in rules}
    assert rates["/health*"] == rates["/actuator/health*"] == 0
    assert rates["*"] < rates["/checkout*"] == rates["/orders*"] <= 1
    assert rules[-1]["URLPath"] == "*", "it takes what no other rule took"
    assert all(len(rule["RuleName"]) <= 32 for rule in rules)
