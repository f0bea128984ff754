"""Deployments that AWS would refuse or roll back are refused and rolled back here, for the same reason."""

import json
import time
from typing import Any

import boto3
import pytest

from local.emulator.environment import REGION
from tests.deploy.emulator_process import EmulatorProcess

Template = dict[str, Any]
_LIMIT_S = 30.0


class Stacks:
    """CloudFormation's API, without the CDK CLI."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        self._emulator = emulator
        self.api = self.client("cloudformation")

    def client(self, service: str) -> Any:
        """A boto3 client of the emulator."""
        return boto3.client(  # type: ignore[call-overload]  # the service is a variable here
            service,
            endpoint_url=self._emulator.endpoint,
            region_name=REGION,
            aws_access_key_id=self._emulator.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self._emulator.env["AWS_SECRET_ACCESS_KEY"],
        )

    def create(self, name: str, resources: Template) -> str:
        """Create a stack; return the status that it ends in."""
        self.api.create_stack(
            StackName=name,
            TemplateBody=json.dumps({"Resources": resources}),
            Capabilities=["CAPABILITY_IAM"],
        )
        return self.settle(name)

    def update(self, name: str, resources: Template) -> str:
        """Update a stack; return the status that it ends in."""
        self.api.update_stack(
            StackName=name,
            TemplateBody=json.dumps({"Resources": resources}),
            Capabilities=["CAPABILITY_IAM"],
        )
        return self.settle(name)

    def delete(self, name: str) -> None:
        """Delete a stack and wait for it."""
        stack_id = self.api.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.api.delete_stack(StackName=name)
        assert self.settle(stack_id) == "DELETE_COMPLETE"

    def settle(self, name: str) -> str:
        """Wait until nothing is in progress; return the status."""
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            status = str(self.api.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
            if not status.endswith("IN_PROGRESS"):
                return status
            time.sleep(0.05)
        raise AssertionError(f"stack {name} is still {status} after {_LIMIT_S:.0f} s")

    def reasons(self, name: str) -> str:
        """The reasons of the stack's failed events."""
        events = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return "\n".join(e.get("ResourceStatusReason", "") for e in events if "FAILED" in e["ResourceStatus"])


@pytest.fixture
def stacks(emulator: EmulatorProcess) -> Stacks:
    """The running emulator's stacks."""
    return Stacks(emulator)


def _topic(**properties: Any) -> Template:
    return {"Type": "AWS::SNS::Topic", "Properties": properties}


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (
            {"Type": "AWS::S3::Bucket", "Properties": {"Versioned": True}},
            "extraneous key [Versioned] is not permitted",
        ),
        (
            {"Type": "AWS::ECS::Service", "Properties": {"Cluster": "c", "DesiredCount": {"Of": 2}}},
            "#/DesiredCount: expected type: integer, found: JSONObject",
        ),
        (
            {"Type": "AWS::EC2::EIP", "Properties": {"Domains": "vpc"}},
            "extraneous key [Domains] is not permitted",
        ),
        (
            {
                "Type": "AWS::XRay::SamplingRule",
                "Properties": {"SamplingRule": {"Priority": 1, "Colour": "red"}},
            },
            "#/SamplingRule: extraneous key [Colour] is not permitted",
        ),
        (
            {"Type": "AWS::ElastiCache::SubnetGroup", "Properties": {"Description": "no subnets"}},
            "required key [SubnetIds] not found",
        ),
    ],
    ids=["native", "nested", "api", "recorded", "missing"],
)
def test_properties_that_aws_does_not_know_fail_the_resource(
    stacks: Stacks, resource: Template, reason: str
) -> None:
    name = f"bad-{abs(hash(reason)) % 10**8}"
    assert stacks.create(name, {"Wrong": resource}) == "ROLLBACK_COMPLETE"
    assert reason in stacks.reasons(name)
    stacks.delete(name)


def test_a_deploy_that_fails_half_way_is_rolled_back_and_the_next_one_works(stacks: Stacks) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "half-way", "Tags": []}}
    broken = {
        "Bucket": bucket,
        "Address": {"Type": "AWS::EC2::EIP", "DependsOn": "Bucket", "Properties": {"Domain": "vpc"}},
        "Rule": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "DependsOn": "Address",
            "Properties": {"GroupId": "sg-00000000000000000", "IpProtocol": "tcp", "CidrIp": "10.0.0.0/8"},
        },
    }
    before = stacks.client("ec2").describe_addresses()["Addresses"]
    assert stacks.create("half-way", broken) == "ROLLBACK_COMPLETE"
    assert "InvalidGroup.NotFound" in stacks.reasons("half-way")
    assert "half-way" not in [b["Name"] for b in stacks.client("s3").list_buckets()["Buckets"]]
    assert stacks.client("ec2").describe_addresses()["Addresses"] == before
    stacks.delete("half-way")
    assert stacks.create("half-way", {"Bucket": bucket}) == "CREATE_COMPLETE"
    stacks.delete("half-way")


def test_an_update_that_fails_goes_back_to_what_was(stacks: Stacks) -> None:
    first = {"Topic": _topic(TopicName="back-and-forth", DisplayName="before")}
    assert stacks.create("back-and-forth", first) == "CREATE_COMPLETE"
    second = {
        "Topic": _topic(TopicName="back-and-forth", DisplayName="after"),
        "Wrong": {"DependsOn": "Topic", **_topic(Colour="red")},
    }
    assert stacks.update("back-and-forth", second) == "UPDATE_ROLLBACK_COMPLETE"
    arn = f"arn:aws:sns:{REGION}:000000000000:back-and-forth"
    attributes = stacks.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    assert attributes["DisplayName"] == "before"
    body = stacks.api.get_template(StackName="back-and-forth")["TemplateBody"]
    assert body["Resources"] == first
    stacks.delete("back-and-forth")


def test_a_bucket_with_objects_is_not_deleted(stacks: Stacks) -> None:
    bucket = {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "still-full"}}}
    assert stacks.create("still-full", bucket) == "CREATE_COMPLETE"
    s3 = stacks.client("s3")
    s3.put_object(Bucket="still-full", Key="kept", Body=b"kept")
    stacks.api.delete_stack(StackName="still-full")
    assert stacks.settle("still-full") == "DELETE_FAILED"
    assert s3.get_object(Bucket="still-full", Key="kept")["Body"].read() == b"kept"
    s3.delete_object(Bucket="still-full", Key="kept")
    stacks.delete("still-full")


def test_a_custom_resource_that_crashes_fails_at_once(stacks: Stacks) -> None:
    resources: Template = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "nodejs22.x",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "exports.handler = async () => { throw new Error('no such thing'); };"},
            },
        },
        "Custom": {
            "Type": "Custom::Crash",
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}},
        },
    }
    begun = time.monotonic()
    assert stacks.create("crash", resources).startswith("ROLLBACK_")
    assert time.monotonic() - begun < 15
    assert "no such thing" in stacks.reasons("crash")
    stacks.delete("crash")


def test_an_unknown_image_tag_counts_as_published(stacks: Stacks) -> None:
    """The session's emulator runs with --images skip."""
    ecr = stacks.client("ecr")
    ecr.create_repository(repositoryName="skipped")
    answer = ecr.describe_images(repositoryName="skipped", imageIds=[{"imageTag": "abc"}])
    assert answer["imageDetails"] == []
    ecr.delete_repository(repositoryName="skipped")


def test_a_page_of_another_site_cannot_use_the_api(emulator: EmulatorProcess) -> None:
    """It could run programs through Lambda."""
    answer = emulator.request(
        "/", method="POST", headers={"Origin": "https://example.com"}, body=b"Action=GetCallerIdentity"
    )
    assert answer.status == 403
    assert emulator.get("/_local/health", host="rebound.example").status == 403
