"""The checks of test_wiring.py, each shown what it has to find."""

from collections.abc import Mapping
from typing import Any

import pytest

from review.platform import alarms, encryption, iam, physical_names, places, references, security_groups
from review.platform.templates import Template, Templates
from tests.unit.stacks.ecommerce import reasons

HERE = "EcommerceKeys-us-east-1"
THERE = "EcommerceKeys-eu-west-1"
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
FAR = {"Fn::GetStackOutput": {"StackName": THERE, "Region": "eu-west-1", "OutputName": "Out"}}


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def stacks(**resources: Template) -> Templates:
    return {HERE: {"Resources": resources}, THERE: {"Resources": {}, "Outputs": {"Out": {"Value": "x"}}}}


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ({"Ref": "Gone"}, "no Gone in its template"),
        ({"Fn::GetAtt": ["Gone", "Arn"]}, "no Gone in its template"),
        ({"Fn::GetAtt": "Gone.Arn"}, "no Gone in its template"),
        ({"Fn::Sub": "arn:${AWS::Partition}:${Gone.Arn}"}, "no Gone in its template"),
        ({"Fn::Join": ["", ["a", {"Ref": "Gone"}]]}, "no Gone in its template"),
        ({"Fn::GetStackOutput": {"StackName": "EcommerceKeys-moon", "OutputName": "Out"}}, "no stack "),
        (
            {"Fn::GetStackOutput": {"StackName": THERE, "Region": "eu-west-1", "OutputName": "No"}},
            "no output No",
        ),
        ({"Fn::GetStackOutput": {"StackName": THERE, "OutputName": "Out"}}, "is not in us-east-1"),
    ],
)
def test_a_reference_that_leads_nowhere(reference: Mapping[str, Any], line: str) -> None:
    (found,) = references.unresolved(stacks(A=resource("AWS::SNS::Topic", X=reference)))
    assert line in found
    assert found.startswith(f"{HERE}.A: ")


def test_what_resolves_is_no_fault() -> None:
    ok = {"Fn::Sub": ["${Given}${!Text}${AWS::Region}${B}", {"Given": FAR}]}
    made = stacks(
        A=resource("AWS::SNS::Topic", X=ok) | {"DependsOn": "B"},
        B=resource("AWS::SNS::Topic", X={"Ref": "A"}),
    )
    assert references.unresolved(made) == []
    assert references.used_by(made) == {HERE: {THERE}, THERE: set()}


def test_a_circle_is_told_as_it_goes() -> None:
    assert references.cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert references.cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


ENCRYPTED = [
    ("AWS::Logs::LogGroup", {"KmsKeyId": KEY}),
    ("AWS::SNS::Topic", {"KmsMasterKeyId": KEY}),
    ("AWS::SQS::Queue", {"KmsMasterKeyId": KEY}),
    ("AWS::Events::EventBus", {"KmsKeyIdentifier": KEY}),
    ("AWS::RDS::DBInstance", {"StorageEncrypted": True, "KmsKeyId": KEY}),
    ("AWS::RDS::DBInstance", {"SourceDBInstanceIdentifier": "x", "KmsKeyId": KEY}),
    ("AWS::ElastiCache::ReplicationGroup", {"AtRestEncryptionEnabled": True, "KmsKeyId": KEY}),
    ("AWS::EKS::Cluster", {"EncryptionConfig": [{"Provider": {"KeyArn": KEY}}]}),
    ("AWS::SecretsManager::Secret", {"KmsKeyId": "alias/ecommerce/data"}),
    (
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": KEY}}
                ]
            }
        },
    ),
    (
        "AWS::DynamoDB::GlobalTable",
        {
            "SSESpecification": {"SSEEnabled": True},
            "Replicas": [
                {"Region": "us-east-1", "SSESpecification": {"KMSMasterKeyId": KEY}},
                {"Region": "eu-west-1", "SSESpecification": {"KMSMasterKeyId": FAR}},
            ],
        },
    ),
]


@pytest.mark.parametrize(("kind", "properties"), ENCRYPTED)
def test_encrypted_is_no_fault_and_without_a_key_is_one(kind: str, properties: dict[str, Any]) -> None:
    assert encryption.unencrypted(stacks(A=resource(kind, **properties))) == []
    bare = {name: value for name, value in properties.items() if name in ("Replicas",)}
    if bare:
        bare["Replicas"] = [{"Region": each["Region"]} for each in bare["Replicas"]]
    assert encryption.unencrypted(stacks(A=resource(kind, **bare)))


@pytest.mark.parametrize(
    "key",
    [FAR, "arn:aws:kms:eu-west-1:123456789012:key/x", {"Fn::Join": ["", ["arn:aws:kms:eu-west-1:", "x"]]}],
)
def test_a_key_of_another_region_is_a_fault(key: object) -> None:
    (found,) = encryption.unencrypted(stacks(A=resource("AWS::SNS::Topic", KmsMasterKeyId=key)))
    assert found.endswith("its key in us-east-1 is one of eu-west-1")


def test_a_replica_with_the_primarys_key_is_a_fault() -> None:
    replicas = [{"Region": "eu-west-1", "KmsKeyId": KEY}]
    (found,) = encryption.unencrypted(
        stacks(A=resource("AWS::SecretsManager::Secret", KmsKeyId=KEY, ReplicaRegions=replicas))
    )
    assert found.endswith("its key in eu-west-1 is one of us-east-1")


def test_logs_for_ever_and_a_cache_in_the_clear() -> None:
    assert encryption.without_end(stacks(A=resource("AWS::Logs::LogGroup")))
    assert encryption.in_the_clear(stacks(A=resource("AWS::ElastiCache::ReplicationGroup")))


def test_an_alarm_that_nobody_hears() -> None:
    alarm = resource("AWS::CloudWatch::Alarm", AlarmName="late")
    assert alarms.unheard(stacks(A=alarm))
    assert alarms.unheard(
        stacks(A=resource("AWS::CloudWatch::Alarm", AlarmActions=["x"], ActionsEnabled=False))
    )
    assert not alarms.unheard(stacks(A=resource("AWS::CloudWatch::Alarm", AlarmActions=["x"])))
    for rule in ({"Fn::Sub": "ALARM(${A})"}, "ALARM(late)"):
        both = resource("AWS::CloudWatch::CompositeAlarm", AlarmRule=rule, AlarmActions=["x"])
        assert not alarms.unheard(stacks(A=alarm, B=both))
    assert alarms.told_elsewhere(stacks(A=resource("AWS::CloudWatch::Alarm", AlarmActions=[FAR])))


def test_a_group_that_only_rules_speak_of_is_unused() -> None:
    group = resource("AWS::EC2::SecurityGroup")
    rule = resource(
        "AWS::EC2::SecurityGroupIngress", GroupId={"Fn::GetAtt": ["A", "GroupId"]}, CidrIp="0.0.0.0/0"
    )
    assert len(security_groups.unused(stacks(A=group, B=rule))) == 1
    assert [str(each) for each, _, _ in security_groups.open_to_all(stacks(A=group, B=rule))] == [
        f"{HERE}.B (AWS::EC2::SecurityGroupIngress)"
    ]
    user = resource("AWS::ElastiCache::ReplicationGroup", SecurityGroupIds=[{"Fn::GetAtt": ["A", "GroupId"]}])
    assert security_groups.unused(stacks(A=group, B=rule, C=user)) == []


def test_a_group_that_another_stack_uses_is_used() -> None:
    made: Templates = {
        HERE: {"Resources": {"U": resource("AWS::RDS::DBInstance", VPCSecurityGroups=[FAR])}},
        THERE: {
            "Resources": {"A": resource("AWS::EC2::SecurityGroup")},
            "Outputs": {"Out": {"Value": {"Fn::GetAtt": ["A", "GroupId"]}}},
        },
    }
    assert security_groups.unused(made) == []


def test_cloudfront_takes_what_is_in_us_east_1() -> None:
    def distribution(**config: Any) -> Template:
        return resource("AWS::CloudFront::Distribution", DistributionConfig=config)

    assert places.misplaced(stacks(A=distribution(WebACLId=KEY))) == []
    assert places.misplaced(stacks(A=distribution(WebACLId=FAR)))
    assert places.misplaced(stacks(A=distribution(ViewerCertificate={"AcmCertificateArn": FAR})))
    assert places.misplaced({THERE: {"Resources": {"A": resource("AWS::WAFv2::WebACL", Scope="CLOUDFRONT")}}})
    association = resource("AWS::WAFv2::WebACLAssociation", WebACLArn=KEY, ResourceArn=FAR)
    assert places.misplaced(stacks(A=association))


def test_one_name_for_two() -> None:
    role = resource("AWS::IAM::Role", RoleName="one")
    assert physical_names.clashes({HERE: {"Resources": {"A": role}}, THERE: {"Resources": {"B": role}}})
    queue = resource("AWS::SQS::Queue", QueueName="one")
    assert not physical_names.clashes({HERE: {"Resources": {"A": queue}}, THERE: {"Resources": {"B": queue}}})
    assert physical_names.clashes(stacks(A=queue, B=queue))


class Reference:
    """Three actions of one service."""

    def of(self, service: str) -> Mapping[str, bool]:
        return {"GetObject": True, "PutObject": True, "ListAllMyBuckets": False} if service == "s3" else {}


def policy(action: object, on: object = "*", *, name: str = "p") -> Template:
    statement = {"Effect": "Allow", "Action": action, "Resource": on}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return resource("AWS::IAM::ManagedPolicy", ManagedPolicyName=name, PolicyDocument=document)


@pytest.mark.parametrize(
    ("action", "known"),
    [
        ("s3:GetObject", True),
        ("s3:getobject", True),
        ("s3:Get*", True),
        ("s3:GetObjects", False),
        ("s3:Delete*", False),
        ("s4:GetObject", False),
        ("*", True),
    ],
)
def test_actions_that_aws_has(action: str, known: bool) -> None:
    assert (iam.unknown_actions(stacks(A=policy(action)), Reference()) == []) is known


@pytest.mark.parametrize(
    ("made", "wide"),
    [
        (policy("s3:GetObject"), ["s3:GetObject"]),
        (policy(["s3:ListAllMyBuckets", "s3:Put*"]), ["s3:Put*"]),
        (policy("s3:ListAllMyBuckets"), []),
        (policy("s3:GetObject", "arn:aws:s3:::b/*"), []),
        (policy("s3:GetObject", name="ecommerce-boundary"), []),
        (policy("*"), ["*"]),
    ],
)
def test_what_could_be_kept_to_some_resources(made: Template, wide: list[str]) -> None:
    assert [action for _, found in iam.too_wide(stacks(A=made), Reference()) for action in found] == wide


def test_a_role_without_the_boundary() -> None:
    def bounded(by: object) -> Templates:
        return stacks(A=resource("AWS::IAM::Role", PermissionsBoundary=by))

    assert iam.without_boundary(stacks(A=resource("AWS::IAM::Role")), "b")
    assert iam.without_boundary(bounded("arn:aws:iam::1:policy/other"), "b")
    assert not iam.without_boundary(bounded({"Fn::Sub": "arn:${AWS::Partition}:iam::1:policy/b"}), "b")


def test_a_reason_covers_what_it_names_and_has_to_be_needed() -> None:
    fault = f"{HERE}.DataKey5F086070 (AWS::KMS::Key): wrong"
    assert reasons.excused([fault], {}) == [fault]
    assert reasons.excused([fault], {"Keys.Data*": "why"}) == []
    assert reasons.excused([fault], {"Keys.Other": "why"}) == [fault, "no longer needed: Keys.Other"]
