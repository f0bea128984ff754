"""The counter's alarms: what they watch, whom they tell, and which of them take a bad deployment back."""

import json
import re
from typing import Any

import pytest

from review.cost import fixed
from stacks import prices
from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"
ALARM = "AWS::CloudWatch::Alarm"
EMAIL: dict[str, object] = {"counter_alarm_email": "ops@example.org"}
REDIS = {"DatabaseMemoryUsagePercentage", "EngineCPUUtilization", "ReplicationLag", "Evictions"}


def metrics(alarm: Template) -> list[dict[str, Any]]:
    """Each metric of an alarm with what tells one from another: name, statistic, period, dimensions."""
    if "MetricName" in alarm:
        return [
            {
                "name": alarm["MetricName"],
                "statistic": alarm.get("Statistic") or alarm["ExtendedStatistic"],
                "period": alarm["Period"],
                "dimensions": {each["Name"]: each["Value"] for each in alarm["Dimensions"]},
            }
        ]
    stats = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    return [
        {
            "name": each["Metric"]["MetricName"],
            "statistic": each["Stat"],
            "period": each["Period"],
            "dimensions": {one["Name"]: one["Value"] for one in each["Metric"]["Dimensions"]},
        }
        for each in stats
    ]


def by_metric(found: Template) -> dict[str, dict[str, Any]]:
    """The alarms but those of Redis, by what they watch; the number of tasks is the least of five minutes."""
    named: dict[str, dict[str, Any]] = {}
    for alarm in resources(found, ALARM):
        first = metrics(alarm)[0]
        if first["name"] in REDIS:
            continue
        name = (
            "tasks"
            if (first["name"], first["statistic"]) == ("HealthyHostCount", "Minimum")
            else first["name"]
        )
        assert name not in named
        named[name] = alarm
    return named


def monthly(**given: object) -> float:
    return sum(line.usd for line in fixed(template(STACK, **given)))


# --- what is there -----------------------------------------------------------------------------------------


def test_unasked_there_are_the_two_that_a_deployment_needs_and_nobody_is_told() -> None:
    found = template(STACK)
    alarms = by_metric(found)
    assert set(alarms) == {"HTTPCode_Target_5XX_Count", "TargetResponseTime"}
    assert all("AlarmActions" not in alarm for alarm in alarms.values())
    assert resources(found, "AWS::SNS::Topic") == resources(found, "AWS::KMS::Key") == []


def test_with_neither_there_is_none() -> None:
    assert resources(template(STACK, counter_alarms_rollback=False), ALARM) == []


@pytest.mark.parametrize("rollback", [True, False])
def test_an_address_is_told_of_all_that_can_fail(rollback: bool) -> None:
    found = template(STACK, **EMAIL, counter_alarms_rollback=rollback)
    assert set(by_metric(found)) == {
        "HTTPCode_Target_5XX_Count",
        "HTTPCode_ELB_5XX_Count",
        "TargetResponseTime",
        "HealthyHostCount",
        "CPUUtilization",
        "MemoryUtilization",
        "tasks",
    }
    (topic,) = (name for name, each in found["Resources"].items() if each["Type"] == "AWS::SNS::Topic")
    for alarm in resources(found, ALARM):
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": topic}]
        assert alarm["AlarmDescription"]
    mail = only(found, "AWS::SNS::Subscription")
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", "ops@example.org")
    assert "KmsMasterKeyId" in found["Resources"][topic]["Properties"]


# --- what sets them off ------------------------------------------------------------------------------------


def test_errors_are_a_share_and_a_single_one_is_none() -> None:
    alarm = by_metric(template(STACK))["HTTPCode_Target_5XX_Count"]
    (expression,) = (each["Expression"] for each in alarm["Metrics"] if "Expression" in each)
    assert expression == "IF(failed >= 5, 100 * failed / answered, 0)"
    ids = {
        each["Id"]: each["MetricStat"]["Metric"]["MetricName"]
        for each in alarm["Metrics"]
        if "MetricStat" in each
    }
    assert ids == {"failed": "HTTPCode_Target_5XX_Count", "answered": "RequestCount"}
    assert {(each["statistic"], each["period"]) for each in metrics(alarm)} == {("Sum", 60)}
    assert (alarm["Threshold"], alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (5, 2, 3)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_latency_is_the_slowest_hundredth_in_seconds() -> None:
    alarm = by_metric(template(STACK))["TargetResponseTime"]
    assert (alarm["ExtendedStatistic"], alarm["Threshold"], alarm["Period"]) == ("p99", 1, 60)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_no_target_at_all_is_no_healthy_target() -> None:
    alarm = by_metric(template(STACK, **EMAIL))["HealthyHostCount"]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert (alarm["Statistic"], alarm["TreatMissingData"]) == ("Maximum", "breaching")


def test_all_tasks_that_may_run_is_an_alarm_only_where_their_number_can_grow() -> None:
    alarm = by_metric(template(STACK, **EMAIL, counter_tasks=3, counter_max_tasks=9))["tasks"]
    assert (alarm["Threshold"], alarm["Period"] * alarm["EvaluationPeriods"]) == (9, 900)
    assert "tasks" not in by_metric(template(STACK, **EMAIL, counter_tasks=4, counter_max_tasks=4))


@pytest.mark.parametrize("replicas", [0, 1, 3])
def test_each_node_of_redis_is_watched(replicas: int) -> None:
    found = template(STACK, **EMAIL, redis_replicas=replicas)
    watched = {
        (first["name"], json.dumps(first["dimensions"]["CacheClusterId"]))
        for first in (metrics(alarm)[0] for alarm in resources(found, ALARM))
        if first["name"] in REDIS
    }
    (group,) = (
        name
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::ElastiCache::ReplicationGroup"
    )
    clusters = {
        json.dumps({"Fn::Join": ["", [{"Ref": group}, f"-{number:03}"]]}) for number in range(1, replicas + 2)
    }
    expected = REDIS if replicas else REDIS - {"ReplicationLag"}
    assert watched == {(name, cluster) for name in expected for cluster in clusters}


# --- deployments -------------------------------------------------------------------------------------------


def test_a_deployment_that_sets_off_errors_or_latency_is_rolled_back() -> None:
    found = template(STACK)
    alarms = only(found, "AWS::ECS::Service")["DeploymentConfiguration"]["Alarms"]
    assert (alarms["Enable"], alarms["Rollback"]) == (True, True)
    watched = {
        metrics(found["Resources"][each["Ref"]]["Properties"])[0]["name"] for each in alarms["AlarmNames"]
    }
    assert watched == {"HTTPCode_Target_5XX_Count", "TargetResponseTime"}


def test_switched_off_no_alarm_touches_a_deployment() -> None:
    for given in ({}, EMAIL):
        found = template(STACK, counter_alarms_rollback=False, **given)
        assert "Alarms" not in only(found, "AWS::ECS::Service")["DeploymentConfiguration"]


# --- price -------------------------------------------------------------------------------------------------


def test_rollback_costs_thirty_cents() -> None:
    more = monthly() - monthly(counter_alarms_rollback=False)
    assert more == pytest.approx(prices.VISIT_ALARM_METRICS * 0.10) == pytest.approx(0.30)


@pytest.mark.parametrize("replicas", [1, 3])
def test_all_alarms_cost_what_their_setting_says(replicas: int) -> None:
    given: dict[str, object] = {"redis_replicas": replicas, "counter_alarms_rollback": False}
    more = monthly(**EMAIL, **given) - monthly(**given)
    assert more == pytest.approx(prices.counter_alarms(redis_nodes=1 + replicas))


def test_the_dashboard_shows_every_part_and_costs_three_dollars() -> None:
    assert resources(template(STACK), "AWS::CloudWatch::Dashboard") == []
    found = template(STACK, counter_dashboard=True)
    dashboard = only(found, "AWS::CloudWatch::Dashboard")
    assert "DashboardName" not in dashboard  # a second stage would fail on it
    body = json.dumps(dashboard["DashboardBody"])
    for metric in (
        *("RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "HealthyHostCount"),
        *("CPUUtilization", "MemoryUtilization", "EngineCPUUtilization", "DatabaseMemoryUsagePercentage"),
        *("ReplicationLag", "CurrConnections"),
    ):
        assert re.search(rf"\b{metric}\b", body), metric
    assert set(re.findall(r"\bp\d\d\b", body)) == {"p50", "p90", "p99"}
    assert monthly(counter_dashboard=True) - monthly() == pytest.approx(3.00)
