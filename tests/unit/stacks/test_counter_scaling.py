"""Autoscaling of the visitor counter: on what, and where it aims."""

from typing import Any

import pytest

from tests.unit.stacks.synthesis import resources, template

STACK = "VisitorCounter"


def aims(**given: object) -> dict[str, float]:
    """Target value by predefined metric."""
    return {
        each["PredefinedMetricSpecification"]["PredefinedMetricType"]: each["TargetValue"]
        for each in policies(**given)
    }


def policies(**given: object) -> list[dict[str, Any]]:
    found = resources(template(STACK, **given), "AWS::ApplicationAutoScaling::ScalingPolicy")
    return [each["TargetTrackingScalingPolicyConfiguration"] for each in found]


@pytest.mark.parametrize(("given", "requests"), [({}, 40_000), ({"counter_requests_per_task": 600}, 600)])
def test_it_follows_cpu_and_requests(given: dict[str, object], requests: int) -> None:
    assert aims(**given) == {"ECSServiceAverageCPUUtilization": 60, "ALBRequestCountPerTarget": requests}


def test_the_requests_are_those_of_the_services_own_target_group() -> None:
    (label,) = (
        str(each["PredefinedMetricSpecification"]["ResourceLabel"])
        for each in policies()
        if "ResourceLabel" in each["PredefinedMetricSpecification"]
    )
    found = template(STACK)["Resources"]
    (group,) = (name for name, each in found.items() if each["Type"].endswith("::TargetGroup"))
    assert f"'{group}', 'TargetGroupFullName'" in label
