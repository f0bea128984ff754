"""The buckets and what goes from one to another, as CloudFormation gets them."""

import json
from typing import Any

import pytest

from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import artifacts, platform
from tests.unit.stacks.synthesis import Template, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
NAMES = [region.name for region in DEFAULT.regions]


def storage(region: Region) -> Template:
    return platform()[stack_name("Storage", region.name, None)]


def plain(value: Any) -> str:
    """Text of a value with references, each by what it refers to."""
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        return "".join(plain(each) for each in value["Fn::Join"][1])
    if "Ref" in value:
        return f"<{value['Ref']}>"
    if "Fn::GetStackOutput" in value:
        output = value["Fn::GetStackOutput"]
        return f"<{output['StackName']}/{output['Region']}>"
    return f"<{'.'.join(value['Fn::GetAtt'])}>"


def buckets(region: Region) -> dict[str, Template]:
    """By what is in them."""
    return {
        plain(each["BucketName"]).split("-")[1]: each
        for each in resources(storage(region), "AWS::S3::Bucket")
    }


def calls(region: str, name: str, **given: object) -> list[dict[str, Any]]:
    """What the replication's resources of a region call at `name` (Create, Update, Delete)."""
    found = platform(**given)[stack_name("Replication", region, None)]
    return [json.loads(plain(each[name])) for each in resources(found, "Custom::BucketReplication")]


@every_region
def test_every_bucket_is_private_versioned_and_over_tls(region: Region) -> None:
    assert buckets(region).keys() == {"assets", "uploads", "logs"}
    for each in buckets(region).values():
        assert set(each["PublicAccessBlockConfiguration"].values()) == {True}
        assert each["VersioningConfiguration"] == {"Status": "Enabled"}
        assert any(
            "AbortIncompleteMultipartUpload" in rule for rule in each["LifecycleConfiguration"]["Rules"]
        )
    for policy in resources(storage(region), "AWS::S3::BucketPolicy"):
        conditions = [
            each.get("Condition")
            for each in policy["PolicyDocument"]["Statement"]
            if each["Effect"] == "Deny"
        ]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


@every_region
def test_data_has_its_regions_key_tiers_logs_and_events(region: Region) -> None:
    for name in ("assets", "uploads"):
        found = buckets(region)[name]
        (encryption,) = found["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert encryption["BucketKeyEnabled"] is True
        key = plain(encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
        assert key == f"<{stack_name('Keys', region.name, None)}/{region.name}>"
        assert "INTELLIGENT_TIERING" in json.dumps(found["LifecycleConfiguration"])
        assert found["LoggingConfiguration"]["LogFilePrefix"] == f"s3/{name}/"
        assert found["NotificationConfiguration"] == {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True}
        }
    assert buckets(region)["uploads"]["AccelerateConfiguration"] == {"AccelerationStatus": "Enabled"}
    assert "AccelerateConfiguration" not in buckets(region)["assets"]


@every_region
def test_services_write_logs_and_read_assets_for_this_account_alone(region: Region) -> None:
    allowed: dict[str, list[tuple[str, str]]] = {}
    for policy in resources(storage(region), "AWS::S3::BucketPolicy"):
        for each in policy["PolicyDocument"]["Statement"]:
            if each["Effect"] == "Allow":
                assert "AWS::AccountId" in json.dumps(each["Condition"])
                allowed.setdefault(each["Principal"]["Service"], []).append(
                    (each["Action"], plain(each["Resource"]))
                )
    assert allowed.keys() == {"logging.s3.amazonaws.com", "cloudfront.amazonaws.com"}
    assert allowed["cloudfront.amazonaws.com"] == [("s3:GetObject", "<AssetsBucket252B3DF7.Arn>/*")]


@every_region
def test_cloudfront_may_decrypt_what_it_may_read(region: Region) -> None:
    """Without it the origin answers 403 to everything, which neither synth nor the emulator would notice."""
    keys = platform()[stack_name("Keys", region.name, None)]
    (policy,) = (
        each["Properties"]["KeyPolicy"]
        for name, each in keys["Resources"].items()
        if each["Type"] in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey") and name.startswith("Data")
    )
    assert any(
        each["Principal"].get("Service") == "cloudfront.amazonaws.com" and each["Action"] == "kms:Decrypt"
        for each in policy["Statement"]
    )


@pytest.mark.parametrize("names", [NAMES, NAMES[:2]], ids=",".join)
def test_uploads_go_both_ways_and_assets_from_the_primary(names: list[str]) -> None:
    given = {} if names == NAMES else {"ecommerce_regions": ",".join(names)}
    seen = set()
    for name in names:
        for call in calls(name, "Create", **given):
            parameters = call["parameters"]
            for rule in parameters["ReplicationConfiguration"]["Rules"]:
                to = rule["Destination"]
                seen.add((parameters["Bucket"], to["Bucket"].split(":::")[1]))
                region = rule["ID"].removeprefix("To-")
                key = f"<{stack_name('Keys', region, None)}/{region}>"
                assert to["EncryptionConfiguration"] == {"ReplicaKmsKeyID": key}
                assert to["Bucket"].endswith(region)
                assert to["Metrics"] == {"Status": "Enabled"}
                assert "ReplicationTime" not in to

    def bucket(of: str, region: str) -> str:
        return f"ecommerce-{of}-<AWS::AccountId>-{region}"

    assert seen == {
        (bucket("uploads", one), bucket("uploads", other)) for one in names for other in names if one != other
    } | {(bucket("assets", names[0]), bucket("assets", other)) for other in names[1:]}


def test_time_control_is_a_setting_with_its_metrics() -> None:
    (call, _) = calls(DEFAULT.primary.name, "Create", ecommerce_replication_time_control=True)
    for rule in call["parameters"]["ReplicationConfiguration"]["Rules"]:
        assert rule["Destination"]["ReplicationTime"] == {"Status": "Enabled", "Time": {"Minutes": 15}}
        assert rule["Destination"]["Metrics"] == {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}


@pytest.mark.parametrize("region", NAMES)
def test_a_changed_rule_is_put_anew_and_a_deleted_stack_ends_it(region: str) -> None:
    assert calls(region, "Create") == calls(region, "Update")
    for call in calls(region, "Delete"):
        assert (call["action"], call["parameters"].keys()) == ("deleteBucketReplication", {"Bucket"})


@pytest.mark.parametrize("region", NAMES)
def test_what_replicates_may_read_its_bucket_and_write_copies_and_no_more(region: str) -> None:
    found = platform()[stack_name("Replication", region, None)]
    for policy in resources(found, "AWS::IAM::ManagedPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            text = json.dumps(statement)
            assert '"*"' not in text
            assert "s3:*" not in text
            if "kms:" in text:
                assert "kms:EncryptionContext:aws:s3:arn" in statement["Condition"]["StringEquals"]
    trusts = [each["AssumeRolePolicyDocument"]["Statement"][0] for each in resources(found, "AWS::IAM::Role")]
    for trust in trusts:
        if trust["Principal"] == {"Service": "s3.amazonaws.com"}:
            assert trust["Condition"].keys() == {"StringEquals", "ArnEquals"}


def test_a_region_alone_replicates_nothing() -> None:
    assert not any(
        name.startswith("EcommerceReplication") for name in platform(ecommerce_regions="us-east-1")
    )


def test_replication_waits_for_the_buckets_of_all_regions() -> None:
    """S3 refuses a rule to a bucket that is not there."""
    for region in NAMES:
        needed = set(artifacts()[stack_name("Replication", region, None)]["dependencies"])
        assert needed >= {stack_name("Storage", name, None) for name in NAMES}
