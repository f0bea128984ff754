"""The runbooks: their steps fit together, their API calls exist, and their role may make them and no others."""

import json
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest

from stacks.ecommerce.recovery.runbooks import RUNBOOKS
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import only, resources

every_runbook = pytest.mark.parametrize("name", RUNBOOKS)
SERVICES = botocore.session.get_session()
# IAM's action for an API, where it has another name or the call needs more than its own.
ALSO = {
    "dynamodb:RestoreTableToPointInTime": {
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
    },
    "rds:RestoreDBInstanceToPointInTime": {"rds:AddTagsToResource"},
}


def steps(of: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in of.get("mainSteps", of.get("inputs", {}).get("Steps", [])):
        yield step
        yield from steps(step)


def calls(name: str) -> Iterator[dict[str, Any]]:
    for step in steps(RUNBOOKS[name](None)):
        if "Api" in step["inputs"]:
            yield step["inputs"]


@every_runbook
def test_each_call_is_an_api_and_each_input_one_of_its_parameters(name: str) -> None:
    for call in calls(name):
        asked = SERVICES.get_service_model(call["Service"]).operation_model(call["Api"]).input_shape
        assert asked
        own = {"Service", "Api", "PropertySelector", "DesiredValues"}
        assert call.keys() - own <= asked.members.keys()
        assert set(asked.required_members) <= call.keys()


@every_runbook
def test_what_a_step_refers_to_is_a_parameter_or_an_output_before_it(name: str) -> None:
    document = RUNBOOKS[name](None)
    known = {*document["parameters"], "global:REGION"}
    for step in steps(document):
        # a loop's own steps come after it in `steps`, and see its current value
        outside = {key: value for key, value in step["inputs"].items() if key != "Steps"}
        assert set(re.findall(r"{{ (.*?) }}", json.dumps(outside))) <= known, step["name"]
        known |= {f"{step['name']}.{output['Name']}" for output in step.get("outputs", [])}
        if step["action"] == "aws:loop":
            known.add(f"{step['name']}.CurrentIteratorValue")


@every_runbook
def test_a_path_into_an_answer_is_one_that_it_has(name: str) -> None:
    for step in steps(RUNBOOKS[name](None)):
        if "Api" not in step["inputs"]:
            continue
        answer = SERVICES.get_service_model(step["inputs"]["Service"]).operation_model(step["inputs"]["Api"])
        paths = [output["Selector"] for output in step.get("outputs", [])]
        if "PropertySelector" in step["inputs"]:
            paths.append(step["inputs"]["PropertySelector"])
        for path in paths:
            shape: Any = answer.output_shape
            for part in path.removeprefix("$.").split("."):
                shape = shape.members[re.sub(r"\[.*\]", "", part)]
                if "[" in part:
                    shape = shape.member


def test_the_role_may_do_what_they_do_and_nothing_else() -> None:
    needed = {f"{call['Service']}:{call['Api']}" for name in RUNBOOKS for call in calls(name)}
    needed |= {action for call in needed for action in ALSO.get(call, set())}
    for region in DEFAULT.regions:
        policy = only(platform()[f"EcommerceRunbooks-{region.name}"], "AWS::IAM::ManagedPolicy")
        allowed = set()
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"]
            allowed |= {actions} if isinstance(actions, str) else set(actions)
        assert allowed == needed


def test_every_parameter_is_checked_and_the_role_is_given() -> None:
    for region in DEFAULT.regions:
        documents = resources(platform()[f"EcommerceRunbooks-{region.name}"], "AWS::SSM::Document")
        assert {each["Name"] for each in documents} == {f"ecommerce-{name}" for name in RUNBOOKS}
        for each in documents:
            parameters = dict(each["Content"]["parameters"])
            assert "Fn::GetAtt" in parameters.pop("AutomationAssumeRole")["default"]
            assert all("allowedPattern" in given or "allowedValues" in given for given in parameters.values())


def test_nodes_are_updated_in_the_window() -> None:
    found = platform()["EcommerceRunbooks-us-east-1"]
    task = only(found, "AWS::SSM::MaintenanceWindowTask")
    document = found["Resources"][task["TaskArn"]["Ref"]]["Properties"]
    assert document["Name"] == "ecommerce-update-nodes"
    assert only(found, "AWS::SSM::MaintenanceWindow")["Schedule"] == "cron(0 3 ? * SUN *)"
