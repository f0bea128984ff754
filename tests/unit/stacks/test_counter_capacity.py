"""Fargate on demand and Fargate Spot."""

from review.cost import fixed
from tests.unit.stacks.synthesis import only, resources, template

STACK = "VisitorCounter"


def test_without_the_setting_no_task_is_on_spot() -> None:
    found = template(STACK)
    service = only(found, "AWS::ECS::Service")
    assert (service["LaunchType"], service.get("CapacityProviderStrategy")) == ("FARGATE", None)
    assert resources(found, "AWS::ECS::ClusterCapacityProviderAssociations") == []


def test_the_first_task_is_on_demand_and_the_rest_is_shared() -> None:
    found = template(STACK, counter_spot_percent=70)
    service = only(found, "AWS::ECS::Service")
    assert service["CapacityProviderStrategy"] == [
        {"Base": 1, "CapacityProvider": "FARGATE", "Weight": 30},
        {"CapacityProvider": "FARGATE_SPOT", "Weight": 70},
    ]
    assert "LaunchType" not in service  # ECS refuses both together
    providers = only(found, "AWS::ECS::ClusterCapacityProviderAssociations")
    assert providers["CapacityProviders"] == ["FARGATE", "FARGATE_SPOT"]


def test_the_bill_counts_only_tasks_beyond_the_first_as_spot() -> None:
    lines = {
        line.what: line.quantity
        for line in fixed(template(STACK, counter_spot_percent=70, counter_tasks=3, counter_memory=1024))
    }
    assert lines["1.6 Fargate tasks, ARM64: memory, GB"] == 1.6
    assert lines["1.4 Fargate Spot tasks, ARM64: memory, GB"] == 1.4
