"""Properties are held against AWS's resource schemas."""

from typing import Any

import pytest

from local.emulator.cloudformation.schemas import known_types, property_names, violations


@pytest.mark.parametrize(
    ("resource_type", "properties", "expected"),
    [
        ("AWS::S3::Bucket", {}, []),
        ("AWS::S3::Bucket", {"BucketName": "b", "Tags": [{"Key": "k", "Value": "v"}]}, []),
        ("AWS::S3::Bucket", {"Name": "b"}, ["#: extraneous key [Name] is not permitted"]),
        ("AWS::S3::Bucket", {"Tags": [{"Key": "k"}]}, ["#/Tags/0: required key [Value] not found"]),
        ("AWS::S3::Bucket", {"Tags": "k"}, ["#/Tags: expected type: array, found: str"]),
        (
            "AWS::S3::Bucket",
            {"VersioningConfiguration": {"Status": "On"}},
            ["#/VersioningConfiguration/Status: On is not a valid enum value"],
        ),
        ("AWS::EC2::FlowLog", {"ResourceType": "VPC"}, ["#: required key [ResourceId] not found"]),
        # CloudFormation converts between scalars.
        ("AWS::EC2::SecurityGroupIngress", {"IpProtocol": 6, "FromPort": "80", "ToPort": 80}, []),
        # A name that CloudFormation makes up is not missing.
        ("AWS::ApplicationAutoScaling::ScalingPolicy", {"PolicyName": "p", "PolicyType": "StepScaling"}, []),
        ("Custom::Anything", {"Goes": 1}, []),
    ],
)
def test_violations(resource_type: str, properties: dict[str, Any], expected: list[str]) -> None:
    assert violations(resource_type, properties) == expected


def test_every_schema_can_be_checked_against() -> None:
    """No reference in any of AWS's schemas leads nowhere, whatever the properties."""
    assert len(known_types()) > 1000
    for resource_type in known_types():
        for name in property_names(resource_type, "createOnlyProperties"):
            violations(resource_type, {name.partition(".")[0]: {"a": [{"b": 1}]}})
