"""Tasks in isolated subnets: what they reach, and that it is nothing else."""

import json
from typing import Any

import pytest

from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"
ENDPOINTS = {"egress": "endpoints"}
SECURITY_GROUP = "Endpoints of AWS services for the visitor counter"


def endpoints(found: Template, kind: str) -> list[dict[str, Any]]:
    return [each for each in resources(found, "AWS::EC2::VPCEndpoint") if each["VpcEndpointType"] == kind]


def group(found: Template, description: str) -> tuple[str, dict[str, Any]]:
    """Logical id and properties of the security group with this description."""
    (match,) = (
        (name, each["Properties"])
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::EC2::SecurityGroup" and each["Properties"]["GroupDescription"] == description
    )
    return match


@pytest.mark.parametrize("egress", ["public-ip", "nat"])
def test_other_ways_out_need_no_endpoint(egress: str) -> None:
    assert resources(template(STACK, egress=egress), "AWS::EC2::VPCEndpoint") == []


@pytest.mark.parametrize(("given", "more"), [({}, set()), ({"counter_exec": True}, {"ssmmessages", "kms"})])
def test_there_is_one_for_each_service_that_a_task_calls(given: dict[str, object], more: set[str]) -> None:
    found = template(STACK, **ENDPOINTS, **given)
    services = {
        json.dumps(each["ServiceName"]).split("us-east-1.")[1].rstrip('"')
        for each in endpoints(found, "Interface")
    }
    assert services == {"ecr.api", "ecr.dkr", "logs", "secretsmanager"} | more
    assert all(each["PrivateDnsEnabled"] for each in endpoints(found, "Interface"))
    assert len(endpoints(found, "Gateway")) == 1


def test_tasks_are_in_subnets_without_a_way_out() -> None:
    found = template(STACK, **ENDPOINTS)
    network = only(found, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    subnets = {each["Ref"] for each in network["Subnets"]}
    assert (network["AssignPublicIp"], len(subnets)) == ("DISABLED", 2)
    assert resources(found, "AWS::EC2::NatGateway") == []
    tables = {
        each["RouteTableId"]["Ref"]
        for each in resources(found, "AWS::EC2::SubnetRouteTableAssociation")
        if each["SubnetId"]["Ref"] in subnets
    }
    routes = [each for each in resources(found, "AWS::EC2::Route") if each["RouteTableId"]["Ref"] in tables]
    assert (len(tables), routes) == (2, [])
    for each in endpoints(found, "Interface"):
        assert {subnet["Ref"] for subnet in each["SubnetIds"]} == subnets
    (storage,) = endpoints(found, "Gateway")
    assert {table["Ref"] for table in storage["RouteTableIds"]} == tables  # those of Redis lead nowhere still


def test_the_endpoints_admit_the_tasks_on_443_and_nobody_else() -> None:
    found = template(STACK, **ENDPOINTS)
    name, properties = group(found, SECURITY_GROUP)
    tasks, _ = group(found, "Tasks of the visitor counter")
    assert properties.get("SecurityGroupIngress", []) == []
    (rule,) = (
        each
        for each in resources(found, "AWS::EC2::SecurityGroupIngress")
        if each["GroupId"]["Fn::GetAtt"][0] == name
    )
    assert (rule["FromPort"], rule["ToPort"]) == (443, 443)
    assert rule["SourceSecurityGroupId"]["Fn::GetAtt"][0] == tasks
    for each in endpoints(found, "Interface"):
        assert each["SecurityGroupIds"] == [{"Fn::GetAtt": [name, "GroupId"]}]


def test_with_the_prefix_list_tasks_send_to_endpoints_s3_and_redis_alone() -> None:
    found = template(STACK, s3_prefix_list="pl-63a5400a", **ENDPOINTS)
    tasks, properties = group(found, "Tasks of the visitor counter")
    assert properties.get("SecurityGroupEgress", []) == []
    rules = [
        each
        for each in resources(found, "AWS::EC2::SecurityGroupEgress")
        if each["GroupId"]["Fn::GetAtt"][0] == tasks
    ]
    endpoint, _ = group(found, SECURITY_GROUP)
    redis, _ = group(found, "Redis of the visitor counter")
    assert {
        (
            each["FromPort"],
            each.get("DestinationPrefixListId"),
            json.dumps(each.get("DestinationSecurityGroupId")),
        )
        for each in rules
    } == {
        (443, "pl-63a5400a", "null"),
        (443, None, json.dumps({"Fn::GetAtt": [endpoint, "GroupId"]})),
        (6379, None, json.dumps({"Fn::GetAtt": [redis, "GroupId"]})),
    }


def test_from_s3_they_get_the_layers_of_ecr_and_nothing_else() -> None:
    (storage,) = endpoints(template(STACK, **ENDPOINTS), "Gateway")
    (statement,) = storage["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    assert "-starport-layer-bucket/*" in json.dumps(statement["Resource"])
