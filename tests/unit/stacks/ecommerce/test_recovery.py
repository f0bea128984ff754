"""Moving writes to another region and back: the plan's steps, what it may do, the records that it moves."""

import json
from typing import Any

from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

PAIR = ["us-east-1", "eu-west-1"]
PLAN = "AWS::ARCRegionSwitch::Plan"


def recovery(**given: object) -> Template:
    return platform(**given)["EcommerceRecovery-us-east-1"]


def workflow(action: str) -> list[Any]:
    (found,) = (
        each for each in only(recovery(), PLAN)["Workflows"] if each["WorkflowTargetAction"] == action
    )
    steps: list[Any] = found["Steps"]
    return steps


def test_writes_move_last_and_the_other_region_is_fenced_off_first() -> None:
    """Else two databases would take orders at once, or a replica would be asked to."""
    assert [step["ExecutionBlockType"] for step in workflow("activate")] == [
        "ManualApproval",
        "CustomActionLambda",
        "EKSResourceScaling",
        "RdsPromoteReadReplica",
        "CustomActionLambda",
        "Route53HealthCheck",
    ]
    fence, release = (
        step["ExecutionBlockConfiguration"]["CustomActionLambdaConfig"]
        for step in workflow("activate")
        if step["ExecutionBlockType"] == "CustomActionLambda"
    )
    assert (fence["RegionToRun"], release["RegionToRun"]) == ("deactivatingRegion", "activatingRegion")
    assert fence["Ungraceful"] == {"Behavior": "skip"}, "there may be nobody left to ask"
    assert "Ungraceful" not in release


def test_one_workflow_serves_both_directions() -> None:
    """What is rehearsed on the way there is what brings it back."""
    plan = only(recovery(), PLAN)
    assert plan["Regions"] == PAIR
    assert plan["RecoveryApproach"] == "activePassive"
    assert all("WorkflowTargetRegion" not in each for each in plan["Workflows"])


def test_after_a_recovery_the_lost_region_becomes_a_replica_again() -> None:
    (step,) = workflow("postRecovery")
    assert step["ExecutionBlockType"] == "RdsCreateCrossRegionReplica"
    databases = step["ExecutionBlockConfiguration"]["RdsCreateCrossRegionReadReplicaConfig"][
        "DbInstanceArnMap"
    ]
    assert list(databases) == PAIR


def test_its_steps_end_within_the_recovery_time_objective_when_a_region_is_lost() -> None:
    """The document's RTO of an hour; the fence is passed over then."""
    limits = [
        config["TimeoutMinutes"]
        for step in workflow("activate")
        for config in step["ExecutionBlockConfiguration"].values()
        if config.get("Ungraceful") != {"Behavior": "skip"}
    ]
    assert sum(limits) <= only(recovery(), PLAN)["RecoveryTimeObjectiveMinutes"] == 60


def test_the_records_follow_the_plan_and_no_measurement() -> None:
    """Of both names under which writes come in, and to the region that the health check is about."""
    found = recovery()
    (finder,) = (
        name
        for name, each in found["Resources"].items()
        if each["Type"] == "Custom::RegionSwitchHealthChecks"
    )
    told = {name: each["Value"] for name, each in found["Outputs"].items()}
    records = [
        each
        for each in resources(platform()["EcommerceRouting-us-east-1"], "AWS::Route53::RecordSet")
        if each["Name"].startswith("writes.")
    ]
    assert {(each["Name"], each["SetIdentifier"], each["Failover"]) for each in records} == {
        (f"writes.{tree}.shop.example.org.", region, failover)
        for tree in ("origin", "api")
        for region, failover in (("us-east-1", "PRIMARY"), ("eu-west-1", "SECONDARY"))
    }
    for each in records:
        output = told[each["HealthCheckId"]["Fn::GetStackOutput"]["OutputName"]]
        assert output == {"Fn::GetAtt": [finder, each["SetIdentifier"]]}
    (routing,) = (
        step["ExecutionBlockConfiguration"]["Route53HealthCheckConfig"]
        for step in workflow("activate")
        if step["ExecutionBlockType"] == "Route53HealthCheck"
    )
    assert routing["RecordName"] == "writes.origin.shop.example.org"
    assert [each["RecordSetIdentifier"] for each in routing["RecordSets"]] == PAIR


def test_a_functions_name_in_the_plan_is_that_of_a_function_in_each_region() -> None:
    called = {
        json.dumps(each["Arn"]).rpartition(":function:")[2].strip('"}] ')
        for step in workflow("activate")
        if step["ExecutionBlockType"] == "CustomActionLambda"
        for each in step["ExecutionBlockConfiguration"]["CustomActionLambdaConfig"]["Lambdas"]
    }
    for region in PAIR:
        functions = resources(platform()[f"EcommerceFailover-{region}"], "AWS::Lambda::Function")
        assert called == {each["FunctionName"] for each in functions}


def test_region_switch_may_scale_the_shop_and_nothing_else_of_a_cluster() -> None:
    for region in PAIR:
        found = platform()[f"EcommerceFailover-{region}"]
        entry = only(found, "AWS::EKS::AccessEntry")
        assert entry["ClusterName"] == "ecommerce-shop"
        (policy,) = entry["AccessPolicies"]
        assert policy["AccessScope"] == {"Type": "namespace", "Namespaces": ["shop"]}
        assert "AmazonARCRegionSwitchScalingPolicy" in json.dumps(policy["PolicyArn"])
        assert json.dumps(entry["PrincipalArn"]).endswith(':role/ecommerce-region-switch"]]}')
    roles = resources(platform()["EcommerceFailover-us-east-1"], "AWS::IAM::Role")
    assert "ecommerce-region-switch" in {each.get("RoleName") for each in roles}


def test_without_a_secondary_there_is_nothing_to_move_to() -> None:
    found = platform(ecommerce_regions="us-east-1,ap-southeast-1")
    assert not [name for name in found if name.startswith(("EcommerceRecovery", "EcommerceFailover"))]
    assert "EcommerceBackup-us-east-1" in found


def test_routing_control_is_there_when_it_is_asked_for_alone() -> None:
    kind = "AWS::Route53RecoveryControl::RoutingControl"
    assert resources(recovery(), kind) == []
    asked = platform(ecommerce_routing_control=True, ecommerce_restore_tests=True)
    assert [each["Name"] for each in resources(asked["EcommerceRecovery-us-east-1"], kind)] == PAIR


def test_its_name_fits_with_the_longest_stage() -> None:
    from stacks.ecommerce import names

    assert len(names.region_switch_plan("a" * 20)) <= 32
    assert len(names.region_switch_role("a" * 20)) <= 64
    assert len(names.fence_function("release", "a" * 20)) <= 64
