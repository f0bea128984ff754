"""Blue/green deployments by ECS: two target groups, the rule between them, the way back."""

import json
from typing import Any

from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"
BLUE_GREEN = {"counter_deployment": "blue-green"}
GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"


def groups(found: Template) -> dict[str, str]:
    """Logical id by colour: the one that the listener starts with is blue."""
    listener = only(found, "AWS::ElasticLoadBalancingV2::Listener")
    blue = listener["DefaultActions"][0]["TargetGroupArn"]["Ref"]
    (green,) = (name for name, each in found["Resources"].items() if each["Type"] == GROUP and name != blue)
    return {"blue": blue, "green": green}


def test_rolling_is_the_default() -> None:
    found = template(STACK)
    service = only(found, "AWS::ECS::Service")
    assert "Strategy" not in service["DeploymentConfiguration"]
    assert "AdvancedConfiguration" not in service["LoadBalancers"][0]
    assert len(resources(found, GROUP)) == 1


def test_ecs_shifts_the_traffic_bakes_and_rolls_back_on_errors() -> None:
    found = template(STACK, **BLUE_GREEN)
    deployment = only(found, "AWS::ECS::Service")["DeploymentConfiguration"]
    assert (deployment["Strategy"], deployment["BakeTimeInMinutes"]) == ("BLUE_GREEN", 10)
    # New tasks that never get healthy get no visitor either, so that no alarm would tell of them.
    assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    alarms = [
        found["Resources"][name["Ref"]]["Properties"] for name in deployment["Alarms"].pop("AlarmNames")
    ]
    assert deployment["Alarms"] == {"Enable": True, "Rollback": True}
    assert len(alarms) == 2
    for watched in alarms:
        assert watched["TreatMissingData"] == "notBreaching"  # nobody comes: no reason to go back
        assert "TargetGroup" not in json.dumps(watched)  # whichever group answers


def test_the_alarm_of_no_healthy_host_looks_at_both_groups() -> None:
    found = template(STACK, counter_alarm_email="ops@example.org", **BLUE_GREEN)
    (alarm,) = (
        each
        for each in resources(found, "AWS::CloudWatch::Alarm")
        if "No healthy" in each["AlarmDescription"]
    )
    watched = {
        each["MetricStat"]["Metric"]["Dimensions"][1]["Value"]["Fn::GetAtt"][0]
        for each in alarm["Metrics"]
        if "MetricStat" in each
    }
    assert watched == set(groups(found).values())
    (sum_of_both,) = (each["Expression"] for each in alarm["Metrics"] if "Expression" in each)
    assert sum_of_both == "FILL(group0, 0) + FILL(group1, 0)"


def test_the_service_has_both_groups_the_rule_and_a_role() -> None:
    found = template(STACK, **BLUE_GREEN)
    colours = groups(found)
    (balancer,) = only(found, "AWS::ECS::Service")["LoadBalancers"]
    advanced = balancer["AdvancedConfiguration"]
    assert balancer["TargetGroupArn"] == {"Ref": colours["blue"]}
    assert (balancer["ContainerName"], balancer["ContainerPort"]) == ("Counter", 8000)
    assert advanced["AlternateTargetGroupArn"] == {"Ref": colours["green"]}
    rule = found["Resources"][advanced["ProductionListenerRule"]["Ref"]]
    assert rule["Type"] == "AWS::ElasticLoadBalancingV2::ListenerRule"
    role = found["Resources"][advanced["RoleArn"]["Fn::GetAtt"][0]]["Properties"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "ecs.amazonaws.com"}
    assert "AmazonECSInfrastructureRolePolicyForLoadBalancers" in json.dumps(role["ManagedPolicyArns"])


def test_the_rule_takes_what_no_other_rule_takes_and_starts_with_blue() -> None:
    found = template(STACK, **BLUE_GREEN)
    colours = groups(found)
    rules = resources(found, "AWS::ElasticLoadBalancingV2::ListenerRule")
    *earlier, rule = sorted(rules, key=lambda each: int(each["Priority"]))
    assert [each["Actions"][0]["Type"] for each in earlier] == ["fixed-response"]  # /metrics
    assert rule["Priority"] == 50_000
    (condition,) = rule["Conditions"]
    assert condition["PathPatternConfig"] == {"Values": ["/*"]}
    (action,) = rule["Actions"]
    weights = {
        each["TargetGroupArn"]["Ref"]: each["Weight"] for each in action["ForwardConfig"]["TargetGroups"]
    }
    assert weights == {colours["blue"]: 100, colours["green"]: 0}


def test_the_service_waits_for_the_rule() -> None:
    """ECS refuses a target group that no listener knows yet."""
    found = template(STACK, **BLUE_GREEN)["Resources"]
    (service,) = (each for each in found.values() if each["Type"] == "AWS::ECS::Service")
    waits_for = {found[name]["Type"] for name in service["DependsOn"]}
    assert "AWS::ElasticLoadBalancingV2::ListenerRule" in waits_for


def test_both_groups_judge_tasks_alike() -> None:
    def judgement(properties: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in properties.items() if name != "Tags"}

    blue, green = (judgement(each) for each in resources(template(STACK, **BLUE_GREEN), GROUP))
    assert blue == green


def test_scaling_follows_the_group_that_has_the_traffic() -> None:
    found = template(STACK, counter_requests_per_task=600, **BLUE_GREEN)
    tracked = [
        each["TargetTrackingScalingPolicyConfiguration"]
        for each in resources(found, "AWS::ApplicationAutoScaling::ScalingPolicy")
    ]
    assert "ALBRequestCountPerTarget" not in json.dumps(tracked)
    (requests,) = (each for each in tracked if "CustomizedMetricSpecification" in each)
    *watched, both = requests["CustomizedMetricSpecification"]["Metrics"]
    dimensions = {
        each["Id"]: each["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for each in watched
    }
    assert dimensions == groups(found)
    assert both["Expression"] == "FILL(blue, 0) + FILL(green, 0)"
    assert [each["ReturnData"] for each in (*watched, both)] == [False, False, True]
    assert requests["TargetValue"] == 600
