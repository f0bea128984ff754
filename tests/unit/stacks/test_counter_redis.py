"""The engines and modes of Redis: versions that fit, who may enter, where growth ends."""

import json
from typing import Any

import pytest

from review.cost import Usage, by_use
from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"
SERVERLESS = {"redis_mode": "serverless"}


def environment(found: Template) -> dict[str, Any]:
    (container,) = only(found, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return {each["Name"]: each["Value"] for each in container["Environment"]}


@pytest.mark.parametrize(
    ("given", "engine", "version", "family"),
    [
        ({}, "valkey", "8.2", "valkey8"),
        ({"redis_engine": "valkey"}, "valkey", "8.2", "valkey8"),
        ({"redis_engine": "redis"}, "redis", "7.1", "redis7"),
    ],
)
def test_engine_version_and_parameter_family_belong_together(
    given: dict[str, object], engine: str, version: str, family: str
) -> None:
    found = template(STACK, **given)
    group = only(found, "AWS::ElastiCache::ReplicationGroup")
    assert (group["Engine"], group["EngineVersion"]) == (engine, version)
    assert only(found, "AWS::ElastiCache::ParameterGroup")["CacheParameterGroupFamily"] == family


def test_nodes_have_no_user_and_serverless_no_node() -> None:
    assert "REDIS_USERNAME" not in environment(template(STACK))
    found = template(STACK, **SERVERLESS)
    assert resources(found, "AWS::ElastiCache::ReplicationGroup") == []
    assert resources(template(STACK), "AWS::ElastiCache::ServerlessCache") == []


@pytest.mark.parametrize(("engine", "version"), [("valkey", "8"), ("redis", "7")])
def test_the_cache_is_where_the_nodes_were_and_ends_its_growth(engine: str, version: str) -> None:
    found = template(STACK, redis_engine=engine, redis_max_gb=3, redis_max_ecpus=2000, **SERVERLESS)
    cache = only(found, "AWS::ElastiCache::ServerlessCache")
    assert (cache["Engine"], cache["MajorEngineVersion"]) == (engine, version)
    assert cache["CacheUsageLimits"] == {
        "DataStorage": {"Maximum": 3, "Unit": "GB"},
        "ECPUPerSecond": {"Maximum": 2000},
    }
    names = {
        tag["Value"]
        for subnet in cache["SubnetIds"]
        for tag in found["Resources"][subnet["Ref"]]["Properties"]["Tags"]
        if tag["Key"] == "aws-cdk:subnet-name"
    }
    assert (len(cache["SubnetIds"]), names) == (2, {"Data"})
    assert cache["SnapshotRetentionLimit"] == 7


def test_only_the_tasks_reach_the_cache() -> None:
    found = template(STACK, **SERVERLESS)
    (group,) = only(found, "AWS::ElastiCache::ServerlessCache")["SecurityGroupIds"]
    into = [
        each
        for each in resources(found, "AWS::EC2::SecurityGroupIngress")
        if each["GroupId"] == group and "SourceSecurityGroupId" in each
    ]
    (rule,) = into
    source = found["Resources"][rule["SourceSecurityGroupId"]["Fn::GetAtt"][0]]["Properties"]
    assert (rule["FromPort"], rule["ToPort"]) == (6379, 6379)
    assert source["GroupDescription"] == "Tasks of the visitor counter"


def test_the_tasks_connect_to_the_cache_as_its_user_with_its_password() -> None:
    found = template(STACK, **SERVERLESS)
    (user,) = resources(found, "AWS::ElastiCache::User")
    given = environment(found)
    assert given["REDIS_USERNAME"] == user["UserName"] == "counter"
    (cache,) = (n for n, each in found["Resources"].items() if each["Type"].endswith("::ServerlessCache"))
    assert given["REDIS_HOST"] == {"Fn::GetAtt": [cache, "Endpoint.Address"]}
    (container,) = only(found, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    (secret,) = (n for n, each in found["Resources"].items() if each["Type"].endswith("::Secret"))
    assert container["Secrets"][0]["ValueFrom"] == {"Ref": secret}
    assert user["AuthenticationMode"]["Type"] == "password"
    (password,) = user["AuthenticationMode"]["Passwords"]
    assert "{{resolve:secretsmanager:" in json.dumps(password)
    assert f'"{secret}"' in json.dumps(password)


@pytest.mark.parametrize("engine", ["valkey", "redis"])
def test_nobody_else_may_enter(engine: str) -> None:
    found = template(STACK, redis_engine=engine, **SERVERLESS)
    users = {each["UserName"]: each for each in resources(found, "AWS::ElastiCache::User")}
    counter = users.pop("counter")["AccessString"].split()
    assert counter[0] == "on"
    assert counter[-1] == "-@dangerous"  # the last word decides: no FLUSHALL, no KEYS, no CONFIG
    assert "+@all" not in counter
    # A group for redis must have a default user, one for valkey must have none without a password.
    assert {name: each["AccessString"] for name, each in users.items()} == (
        {"default": "off -@all"} if engine == "redis" else {}
    )
    group = only(found, "AWS::ElastiCache::UserGroup")
    assert len(group["UserIds"]) == 1 + len(users)
    assert {each["Engine"] for each in (group, *resources(found, "AWS::ElastiCache::User"))} == {engine}
    (name,) = (n for n, each in found["Resources"].items() if each["Type"].endswith("::UserGroup"))
    assert only(found, "AWS::ElastiCache::ServerlessCache")["UserGroupId"] == {"Ref": name}


def test_names_differ_and_are_legal_for_every_stage() -> None:
    kinds = {"ServerlessCache": "ServerlessCacheName", "User": "UserId", "UserGroup": "UserGroupId"}
    seen: list[str] = []
    for stage in ("", "a-stage-of-20-letter"):
        found = template(
            f"{STACK}-{stage}" if stage else STACK, stage=stage, redis_engine="redis", **SERVERLESS
        )
        for kind, name in kinds.items():
            seen += [each[name] for each in resources(found, f"AWS::ElastiCache::{kind}")]
    assert len(set(seen)) == len(seen) == 2 * 4
    for each in seen:
        assert len(each) <= 40
        assert each == each.lower()
        assert each[0].isalpha()
        assert "--" not in each


@pytest.mark.parametrize(("policy", "snapshot"), [("retain", True), ("destroy", False)])
def test_a_last_snapshot_is_left_unless_data_go_with_the_stack(policy: str, snapshot: bool) -> None:
    cache = only(template(STACK, removal_policy=policy, **SERVERLESS), "AWS::ElastiCache::ServerlessCache")
    assert ("FinalSnapshotName" in cache) is snapshot
    if snapshot:
        assert "AWS::StackId" in json.dumps(cache["FinalSnapshotName"])


def test_visits_are_billed_by_the_million() -> None:
    lines = by_use(template(STACK, **SERVERLESS), Usage(visits=50_000_000))
    (line,) = (each for each in lines if "ECPUs" in each.what)
    assert line.quantity == 50
    assert line.usd == pytest.approx(50 * 0.0023)


@pytest.mark.parametrize(("waits", "said"), [(0, None), (1, "1"), (2, "2")])
def test_the_application_is_told_only_of_replicas_to_wait_for(waits: int, said: str | None) -> None:
    found = template(STACK, redis_replicas=2, counter_wait_replicas=waits)
    assert environment(found).get("REDIS_WAIT_REPLICAS") == said
