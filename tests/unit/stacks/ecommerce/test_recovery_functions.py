"""The functions of a failover against AWS's API as botocore knows it: order, repetition, and what goes wrong."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
import urllib3
from botocore.stub import Stubber

from stacks.ecommerce.recovery.switch_health_checks import handler as health_checks
from stacks.ecommerce.recovery.write_fence import handler as write_fence

PLAN = "arn:aws:arc-region-switch::123456789012:plan/shop:abc123"


class Context:
    """Lambda's, with so many milliseconds left each time that it is asked."""

    def __init__(self, *left: int) -> None:
        self._left = iter(left)

    def get_remaining_time_in_millis(self) -> int:
        return next(self._left)


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stubber]]:
    """A client of a service that answers what it is told, in that order, and nothing else."""
    made: list[Stubber] = []

    def stub(service: str) -> Stubber:
        client = boto3.client(  # type: ignore[call-overload]  # the service is a variable here
            service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        stubber = Stubber(client)
        stubber.activate()
        made.append(stubber)
        monkeypatch.setattr(boto3, "client", lambda name: {service: client}[name])
        return stubber

    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setenv("DATABASE", "ecommerce-orders")
    yield stub
    for stubber in made:
        stubber.assert_no_pending_responses()


def instance(status: str, group: str = "orders-pg") -> dict[str, Any]:
    return {
        "DBInstances": [
            {"DBParameterGroups": [{"DBParameterGroupName": group, "ParameterApplyStatus": status}]}
        ]
    }


@pytest.mark.parametrize(("action", "value"), [("fence", "1"), ("release", "0")])
def test_the_database_is_told_and_waited_for(
    action: str, value: str, stubbed: Callable[[str], Stubber], capsys: pytest.CaptureFixture[str]
) -> None:
    rds = stubbed("rds")
    asked = {"DBInstanceIdentifier": "ecommerce-orders"}
    rds.add_response("describe_db_instances", instance("in-sync"), asked)
    rds.add_response(
        "modify_db_parameter_group",
        {"DBParameterGroupName": "orders-pg"},
        {
            "DBParameterGroupName": "orders-pg",
            "Parameters": [
                {
                    "ParameterName": "default_transaction_read_only",
                    "ParameterValue": value,
                    "ApplyMethod": "immediate",
                }
            ],
        },
    )
    rds.add_response("describe_db_instances", instance("applying"), asked)
    rds.add_response("describe_db_instances", instance("in-sync"), asked)
    answer = getattr(write_fence, action)({}, Context(100_000))
    assert answer == {"database": "ecommerce-orders", "action": action}
    assert f"default_transaction_read_only={value}" in capsys.readouterr().out


def test_a_fence_that_is_not_in_force_in_time_stops_the_plan(stubbed: Callable[[str], Stubber]) -> None:
    rds = stubbed("rds")
    rds.add_response("describe_db_instances", instance("in-sync"))
    rds.add_response("modify_db_parameter_group", {"DBParameterGroupName": "orders-pg"})
    rds.add_response("describe_db_instances", instance("applying"))
    with pytest.raises(write_fence.FenceError, match="not in force yet; run the step again"):
        write_fence.fence({}, Context(9_000))


def test_a_default_parameter_group_is_said_and_not_changed(stubbed: Callable[[str], Stubber]) -> None:
    stubbed("rds").add_response("describe_db_instances", instance("in-sync", "default.postgres18"))
    with pytest.raises(write_fence.FenceError, match="cannot be changed"):
        write_fence.fence({}, Context())


def test_what_aws_refuses_reaches_the_plan(stubbed: Callable[[str], Stubber]) -> None:
    stubbed("rds").add_client_error("describe_db_instances", "DBInstanceNotFound")
    with pytest.raises(Exception, match="DBInstanceNotFound"):
        write_fence.fence({}, Context())


def found(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {
        "healthChecks": [
            {"hostedZoneId": "Z1", "recordName": "write.example.org", "region": region, "healthCheckId": made}
            for region, made in pairs
        ]
    }


class CloudFormation:
    """Takes the answer to a custom resource's request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[dict[str, Any]] = []
        monkeypatch.setattr(urllib3, "PoolManager", lambda: self)

    def request(self, method: str, url: str, *, body: str, **_: object) -> None:
        assert (method, url) == ("PUT", "https://cloudformation.example/answer")
        self.answers.append(json.loads(body))


def request(kind: str) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": "https://cloudformation.example/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Found",
        "ResourceProperties": {
            "PlanArn": PLAN,
            "HostedZoneId": "Z1",
            "RecordName": "write.example.org",
            "Regions": ["us-east-1", "eu-west-1"],
        },
    }


def test_the_health_checks_are_told_by_region_once_all_are_there(
    stubbed: Callable[[str], Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = CloudFormation(monkeypatch)
    arc = stubbed("arc-region-switch")
    asked = {"arn": PLAN, "hostedZoneId": "Z1", "recordName": "write.example.org"}
    arc.add_response("list_route53_health_checks", found(("eu-west-1", "hc-eu")), asked)
    arc.add_response(
        "list_route53_health_checks", found(("eu-west-1", "hc-eu"), ("us-east-1", "hc-us")), asked
    )
    health_checks.handle(request("Create"), Context(100_000))
    (answer,) = told.answers
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", PLAN)
    assert answer["Data"] == {"eu-west-1": "hc-eu", "us-east-1": "hc-us"}


def test_a_missing_health_check_fails_the_deploy_before_lambdas_time_is_up(
    stubbed: Callable[[str], Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = CloudFormation(monkeypatch)
    stubbed("arc-region-switch").add_response("list_route53_health_checks", found(("eu-west-1", "hc-eu")))
    health_checks.handle(request("Update"), Context(10_000))
    (answer,) = told.answers
    assert answer["Status"] == "FAILED"
    assert "no health check for us-east-1 yet; deploy the stack again" in answer["Reason"]


def test_a_refusal_is_answered_too(
    stubbed: Callable[[str], Stubber], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = CloudFormation(monkeypatch)
    stubbed("arc-region-switch").add_client_error("list_route53_health_checks", "AccessDeniedException")
    health_checks.handle(request("Create"), Context())
    assert "AccessDeniedException" in told.answers[0]["Reason"]


def test_deleting_asks_nobody(stubbed: Callable[[str], Stubber], monkeypatch: pytest.MonkeyPatch) -> None:
    told = CloudFormation(monkeypatch)
    stubbed("arc-region-switch")
    health_checks.handle(request("Delete"), Context())
    assert told.answers[0]["Status"] == "SUCCESS"
