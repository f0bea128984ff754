"""ECS Exec: off unless asked for; then encrypted, recorded, and possible beside a read-only root."""

import json

from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"


def logical_id(found: Template, kind: str, part: str) -> str:
    """The one resource of a type whose logical id holds `part`."""
    (name,) = (n for n, each in found["Resources"].items() if each["Type"] == kind and part in n)
    return str(name)


def test_nobody_gets_a_shell_by_default() -> None:
    found = template(STACK)
    assert not only(found, "AWS::ECS::Service").get("EnableExecuteCommand")
    assert "Configuration" not in only(found, "AWS::ECS::Cluster")
    assert "ssmmessages" not in json.dumps(found)
    assert resources(found, "AWS::KMS::Key") == []
    (container,) = only(found, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert container.get("MountPoints", []) == []


def test_a_session_is_encrypted_and_what_is_typed_goes_to_an_encrypted_log() -> None:
    found = template(STACK, counter_exec=True)
    assert only(found, "AWS::ECS::Service")["EnableExecuteCommand"] is True
    key = {"Fn::GetAtt": [logical_id(found, "AWS::KMS::Key", "Exec"), "Arn"]}
    log = logical_id(found, "AWS::Logs::LogGroup", "Exec")
    assert only(found, "AWS::ECS::Cluster")["Configuration"]["ExecuteCommandConfiguration"] == {
        "KmsKeyId": key,
        "LogConfiguration": {"CloudWatchEncryptionEnabled": True, "CloudWatchLogGroupName": {"Ref": log}},
        "Logging": "OVERRIDE",
    }
    assert found["Resources"][log]["Properties"]["KmsKeyId"] == key
    assert only(found, "AWS::KMS::Key")["EnableKeyRotation"] is True


def test_the_agent_can_write_its_two_folders_and_nothing_else() -> None:
    task = only(template(STACK, counter_exec=True), "AWS::ECS::TaskDefinition")
    (container,) = task["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True
    volumes = {each["Name"] for each in task["Volumes"]}
    mounts = {each["ContainerPath"]: each["SourceVolume"] for each in container["MountPoints"]}
    assert set(mounts) == {"/var/lib/amazon", "/var/log/amazon"}
    assert set(mounts.values()) == volumes
    assert all(each["ReadOnly"] is False for each in container["MountPoints"])


def test_the_task_may_write_to_the_log_of_the_sessions_alone() -> None:
    found = template(STACK, counter_exec=True)
    log = logical_id(found, "AWS::Logs::LogGroup", "Exec")
    statements = [
        statement
        for each in resources(found, "AWS::IAM::Policy")
        for statement in each["PolicyDocument"]["Statement"]
        if "TaskRole" in json.dumps(each["Roles"])
    ]
    (writing,) = (each for each in statements if "logs:PutLogEvents" in each["Action"])
    assert f'"{log}"' in json.dumps(writing["Resource"])
    (anywhere,) = (each for each in statements if each["Resource"] == "*")
    assert {action.partition(":")[0] for action in anywhere["Action"]} == {"logs", "ssmmessages"}
    assert [a for a in anywhere["Action"] if a.startswith("logs:")] == ["logs:DescribeLogGroups"]


def test_the_key_goes_the_way_of_the_log_that_needs_it() -> None:
    for policy, fate in (("retain", "Retain"), ("destroy", "Delete")):
        found = template(STACK, counter_exec=True, removal_policy=policy)["Resources"]
        assert {
            each["DeletionPolicy"]
            for name, each in found.items()
            if each["Type"] in ("AWS::KMS::Key", "AWS::Logs::LogGroup") and "Exec" in name
        } == {fate}
