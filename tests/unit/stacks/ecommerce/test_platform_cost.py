"""Budgets, anomalies and findings: somebody is told, and every stack can be found on the bill."""

import json
from typing import Any

import pytest

from stacks import settings
from stacks.ecommerce.cost.rightsizing import handler
from stacks.ecommerce.cost.sizes import MONTHLY_BUDGET
from stacks.settings import SettingsError
from tests.unit.stacks.ecommerce.event_patterns import matches
from tests.unit.stacks.ecommerce.platform import NEEDED, artifacts, platform
from tests.unit.stacks.synthesis import Template, resources


def cost(**given: object) -> Template:
    return platform(**given)["EcommerceCost-us-east-1"]


def budgets(**given: object) -> dict[str, Template]:
    return {each["Budget"]["BudgetName"]: each for each in resources(cost(**given), "AWS::Budgets::Budget")}


def told(budget: Template) -> set[tuple[str, str, int]]:
    return {
        (each["NotificationType"], each["ComparisonOperator"], each["Threshold"])
        for each in (one["Notification"] for one in budget["NotificationsWithSubscribers"])
    }


def test_it_is_once_and_in_us_east_1_where_bills_are() -> None:
    assert [name for name in platform() if name.startswith("EcommerceCost")] == ["EcommerceCost-us-east-1"]


def test_a_month_is_told_at_half_at_four_fifths_when_used_up_and_when_it_will_be() -> None:
    monthly = budgets()["ecommerce-monthly"]
    assert told(monthly) == {
        ("ACTUAL", "GREATER_THAN", 50),
        ("ACTUAL", "GREATER_THAN", 80),
        ("ACTUAL", "GREATER_THAN", 100),
        ("FORECASTED", "GREATER_THAN", 100),
    }
    assert monthly["Budget"]["BudgetLimit"] == {"Amount": MONTHLY_BUDGET["demo"], "Unit": "USD"}
    assert "CostFilters" not in monthly["Budget"], "a tag that is not activated would count nothing"


def test_the_amount_and_whose_it_is_can_be_given() -> None:
    given = budgets(ecommerce_monthly_budget=123, ecommerce_budget_of="platform")["ecommerce-monthly"][
        "Budget"
    ]
    assert given["BudgetLimit"]["Amount"] == 123
    assert given["CostFilters"] == {"TagKeyValue": ["user:platform$ecommerce"]}


@pytest.mark.parametrize("profile", MONTHLY_BUDGET)
def test_each_size_has_a_budget(profile: str) -> None:
    amount = budgets(ecommerce_profile=profile)["ecommerce-monthly"]["Budget"]["BudgetLimit"]["Amount"]
    assert amount == MONTHLY_BUDGET[profile]  # type: ignore[index]


def test_the_use_and_the_coverage_of_savings_plans_and_reservations_are_watched() -> None:
    kinds = [
        (each["Budget"]["BudgetType"], *each["Budget"].get("CostFilters", {}).get("Service", []))
        for each in budgets().values()
        if each["Budget"]["BudgetType"] != "COST"
    ]
    assert sorted(kinds) == [
        ("RI_COVERAGE", "Amazon ElastiCache"),
        ("RI_COVERAGE", "Amazon Relational Database Service"),
        ("RI_UTILIZATION", "Amazon ElastiCache"),
        ("RI_UTILIZATION", "Amazon Relational Database Service"),
        ("SAVINGS_PLANS_COVERAGE",),
        ("SAVINGS_PLANS_UTILIZATION",),
    ]
    for name, budget in budgets().items():
        if name != "ecommerce-monthly":
            assert {(kind, side) for kind, side, _ in told(budget)} == {("ACTUAL", "LESS_THAN")}


def test_all_that_tells_may_use_the_topic_and_its_key() -> None:
    """A topic that refuses its sender is silent, and nobody notices."""
    policy = json.dumps(resources(cost(), "AWS::SNS::TopicPolicy"))
    key = json.dumps(resources(platform()["EcommerceKeys-us-east-1"], "AWS::KMS::Key"))
    for service in ("budgets", "costalerts", "cloudwatch"):
        assert f"{service}.amazonaws.com" in policy, service
        assert f"{service}.amazonaws.com" in key, service


def test_anomalies_are_looked_for_in_each_service_and_by_tag() -> None:
    monitors = {each["MonitorType"]: each for each in resources(cost(), "AWS::CE::AnomalyMonitor")}
    assert monitors["DIMENSIONAL"]["MonitorDimension"] == "SERVICE"
    assert json.loads(monitors["CUSTOM"]["MonitorSpecification"])["Tags"]["Values"] == ["ecommerce"]
    (subscription,) = resources(cost(), "AWS::CE::AnomalySubscription")
    assert len(subscription["MonitorArnList"]) == 2
    assert subscription["Frequency"] == "IMMEDIATE"


def test_an_account_that_has_its_monitor_of_services_keeps_it() -> None:
    arn = "arn:aws:ce::123456789012:anomalymonitor/12345678-1234-1234-1234-123456789012"
    found = cost(ecommerce_services_monitor=arn)
    assert [each["MonitorType"] for each in resources(found, "AWS::CE::AnomalyMonitor")] == ["CUSTOM"]
    assert arn in resources(found, "AWS::CE::AnomalySubscription")[0]["MonitorArnList"]


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        ({"source": "aws.trustedadvisor", "status": "WARN"}, True),
        ({"source": "aws.trustedadvisor", "status": "OK"}, False),
        ({"source": handler.SOURCE}, True),
    ],
)
def test_findings_that_matter_reach_the_topic(event: dict[str, str], taken: bool) -> None:
    detail_type = (
        handler.DETAIL_TYPE
        if event["source"] == handler.SOURCE
        else "Trusted Advisor Check Item Refresh Notification"
    )
    sent = {"source": event["source"], "detail-type": detail_type, "detail": event}
    patterns = [
        # whose account it is, is a reference
        {name: wanted for name, wanted in rule["EventPattern"].items() if name != "account"}
        for rule in resources(cost(), "AWS::Events::Rule")
        if "EventPattern" in rule
    ]
    matched = [pattern for pattern in patterns if matches(pattern, sent)]
    assert bool(matched) is taken
    for rule in resources(cost(), "AWS::Events::Rule"):
        assert all(target["DeadLetterConfig"] for target in rule["Targets"])


def test_what_is_too_big_becomes_findings_and_what_fits_does_not() -> None:
    summaries: list[dict[str, Any]] = [
        {
            "recommendationResourceType": "Ec2Instance",
            "summaries": [{"name": "Optimized", "value": 4.0}, {"name": "Overprovisioned", "value": 2.0}],
            "savingsOpportunity": {"estimatedMonthlySavings": {"value": 61.234}},
        },
        {
            "recommendationResourceType": "LambdaFunction",
            "summaries": [{"name": "Optimized", "value": 3.0}, {"name": "NotOptimized", "value": 0.0}],
        },
    ]
    assert handler.of_compute_optimizer("Active", summaries) == [
        {"kind": "Ec2Instance", "says": "2 Overprovisioned", "usd": 61.23}
    ]
    assert handler.of_cost_explorer({}) == []
    (found,) = handler.of_cost_explorer(
        {"TotalRecommendationCount": "3", "EstimatedTotalMonthlySavingsAmount": "9.999"}
    )
    assert found["usd"] == 10.0
    (entry,) = handler.entries([found])
    assert (entry["Source"], json.loads(entry["Detail"])) == (handler.SOURCE, found)


def test_an_account_that_has_not_opted_in_is_told_so() -> None:
    (found,) = handler.of_compute_optimizer("Inactive", [])
    assert "update-enrollment-status" in found["says"]


def test_the_function_may_send_its_own_events_alone() -> None:
    statements = [
        statement
        for policy in resources(cost(), "AWS::IAM::ManagedPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "events:PutEvents"
    ]
    assert [statement["Condition"] for statement in statements] == [
        {"StringEquals": {"events:source": handler.SOURCE}}
    ]


def test_every_stack_carries_the_tags_that_bills_are_split_by() -> None:
    """Of the stack, and so of all that CloudFormation makes for it and can tag (flag explicitStackTags)."""
    assert artifacts().keys() == platform().keys()
    for name, found in artifacts().items():
        tags = found["properties"].get("tags", {})
        assert tags["platform"] == "ecommerce", name
        assert {"layer", "role", "profile", "stage"} < tags.keys(), name


@pytest.mark.parametrize(
    "given",
    [
        {"ecommerce_monthly_budget": 0},
        {"ecommerce_services_monitor": "mine"},
        {"ecommerce_anomaly_usd": "much"},
        {"ecommerce_alarm_email": "nobody"},
    ],
)
def test_a_wrong_setting_is_refused_in_one_line(given: dict[str, object]) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({**NEEDED, **given})
    (line,) = str(caught.value).splitlines()
    assert next(iter(given)) in line
