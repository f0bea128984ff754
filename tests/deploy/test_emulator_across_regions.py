"""What one region writes, another reads: outputs, keys, tables, buckets, secrets, events."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.templates import (
    ACCOUNT,
    NOBODY,
    PRIMARY,
    REGIONS,
    SECONDARY,
    TERTIARY,
    StackError,
    Stacks,
    att,
    client,
    ref,
    resource,
    stacks,
)


@pytest.fixture
def made(emulator: EmulatorProcess) -> Iterator[Stacks]:
    """Stacks of one test."""
    with stacks(emulator) as those:
        yield those


def eventually(look: Callable[[], Any], limit_s: float = 10.0) -> Any:
    """What `look` finds, asked again until it is something."""
    limit = time.monotonic() + limit_s
    while not (found := look()) and time.monotonic() < limit:
        time.sleep(0.1)
    return found


# --- references between stacks ---------------------------------------------------------------------------


def output_of(stack: str, name: str, region: str | None = SECONDARY) -> dict[str, Any]:
    return {
        "Fn::GetStackOutput": {"StackName": stack, "OutputName": name}
        | ({"Region": region} if region else {})
    }


def parameter(value: Any) -> dict[str, Any]:
    return {"Parameter": resource("AWS::SSM::Parameter", Type="String", Value=value)}


def test_a_stack_reads_the_output_of_another_region(made: Stacks) -> None:
    made.create(
        "there",
        {"Queue": resource("AWS::SQS::Queue", QueueName="far")},
        SECONDARY,
        Name=att("Queue", "QueueName"),
    )
    made.create(
        "near", {"Queue": resource("AWS::SQS::Queue", QueueName="near")}, Name=att("Queue", "QueueName")
    )
    here = made.create(
        "here",
        parameter({"Fn::Join": ["-", [output_of("there", "Name"), output_of("near", "Name", None)]]}),
        Value=att("Parameter", "Value"),
        Whole=output_of("there", "Name"),
    )
    assert here == {"Value": "far-near", "Whole": "far"}


@pytest.mark.parametrize(
    ("stack", "output", "said"),
    [
        ("there", "Nothing", "stack there in eu-west-1 has no output Nothing (it has: Name)"),
        ("nowhere", "Name", "stack nowhere does not exist in eu-west-1"),
    ],
)
def test_a_reference_that_leads_nowhere_says_so(made: Stacks, stack: str, output: str, said: str) -> None:
    made.create(
        "there",
        {"Queue": resource("AWS::SQS::Queue", QueueName="far")},
        SECONDARY,
        Name=att("Queue", "QueueName"),
    )
    with pytest.raises(StackError) as failure:
        made.create("here", parameter(output_of(stack, output)))
    assert said in str(failure.value)


# --- keys and secrets ------------------------------------------------------------------------------------


def test_what_a_key_encrypts_in_one_region_its_replica_decrypts_in_another(
    made: Stacks, emulator: EmulatorProcess
) -> None:
    key = resource("AWS::KMS::Key", MultiRegion=True, KeyPolicy=NOBODY)
    primary = made.create("key", {"Key": key}, Arn=att("Key", "Arn"))["Arn"]
    replica = {"Key": resource("AWS::KMS::ReplicaKey", PrimaryKeyArn=primary, KeyPolicy=NOBODY)}
    there = made.create("key", replica, SECONDARY, Arn=att("Key", "Arn"), Id=ref("Key"))
    assert there["Arn"] == primary.replace(PRIMARY, SECONDARY)
    near, far = client(emulator, "kms"), client(emulator, "kms", SECONDARY)
    assert (
        far.decrypt(CiphertextBlob=near.encrypt(KeyId=primary, Plaintext=b"card")["CiphertextBlob"])[
            "Plaintext"
        ]
        == b"card"
    )
    back = far.encrypt(KeyId=there["Id"], Plaintext=b"token")["CiphertextBlob"]
    assert near.decrypt(CiphertextBlob=back)["Plaintext"] == b"token"
    made.delete("key", SECONDARY)
    assert far.describe_key(KeyId=there["Id"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert near.describe_key(KeyId=primary)["KeyMetadata"]["KeyState"] == "Enabled"


def test_a_key_of_one_region_has_no_replica(made: Stacks) -> None:
    primary = made.create("key", {"Key": resource("AWS::KMS::Key", KeyPolicy=NOBODY)}, Arn=att("Key", "Arn"))[
        "Arn"
    ]
    with pytest.raises(StackError, match="not a multi-Region key"):
        made.create(
            "key",
            {"Key": resource("AWS::KMS::ReplicaKey", PrimaryKeyArn=primary, KeyPolicy=NOBODY)},
            SECONDARY,
        )


def test_a_secret_is_read_where_it_is_replicated(made: Stacks, emulator: EmulatorProcess) -> None:
    secret = resource(
        "AWS::SecretsManager::Secret",
        Name="payments",
        SecretString="first",
        ReplicaRegions=[{"Region": SECONDARY}],
    )
    made.create("secret", {"Secret": secret})

    def value(region: str) -> str:
        return str(
            client(emulator, "secretsmanager", region).get_secret_value(SecretId="payments")["SecretString"]
        )

    assert value(SECONDARY) == "first"
    client(emulator, "secretsmanager").put_secret_value(SecretId="payments", SecretString="second")
    assert value(SECONDARY) == "second"
    with pytest.raises(ClientError, match="can't find"):
        value(TERTIARY)
    made.delete("secret")
    with pytest.raises(ClientError, match="can't find"):
        value(SECONDARY)


# --- data ------------------------------------------------------------------------------------------------


def global_table(*regions: str, protected: bool = False) -> dict[str, Any]:
    return {
        "Table": resource(
            "AWS::DynamoDB::GlobalTable",
            TableName="carts",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            StreamSpecification={"StreamViewType": "NEW_AND_OLD_IMAGES"},
            Replicas=[
                {
                    "Region": region,
                    "DeletionProtectionEnabled": protected,
                    "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                }
                for region in regions
            ],
        )
    }


def test_a_global_table_replicates_in_every_direction(made: Stacks, emulator: EmulatorProcess) -> None:
    made.create("carts", global_table(*REGIONS))
    tables = {region: client(emulator, "dynamodb", region) for region in REGIONS}

    def item(region: str, key: str) -> Any:
        return tables[region].get_item(TableName="carts", Key={"id": {"S": key}}).get("Item")

    for origin in REGIONS:
        tables[origin].put_item(TableName="carts", Item={"id": {"S": origin}, "n": {"N": "1"}})
        for region in REGIONS:
            assert eventually(lambda: item(region, origin)) == {"id": {"S": origin}, "n": {"N": "1"}}  # noqa: B023
    tables[TERTIARY].delete_item(TableName="carts", Key={"id": {"S": PRIMARY}})
    assert eventually(lambda: item(PRIMARY, PRIMARY) is None)
    for each in tables.values():
        backups = each.describe_continuous_backups(TableName="carts")["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_replicas_come_and_go_with_the_template(made: Stacks, emulator: EmulatorProcess) -> None:
    def replicas() -> list[str]:
        table = client(emulator, "dynamodb").describe_table(TableName="carts")["Table"]
        return sorted(each["RegionName"] for each in table.get("Replicas", []))

    made.create("carts", global_table(PRIMARY, SECONDARY))
    client(emulator, "dynamodb").put_item(TableName="carts", Item={"id": {"S": "kept"}})
    assert replicas() == [SECONDARY]
    made.update("carts", global_table(PRIMARY, TERTIARY))
    assert replicas() == [TERTIARY]
    kept = client(emulator, "dynamodb", TERTIARY).get_item(TableName="carts", Key={"id": {"S": "kept"}})
    assert kept["Item"] == {"id": {"S": "kept"}}
    made.delete("carts")
    assert [client(emulator, "dynamodb", region).list_tables()["TableNames"] for region in REGIONS] == [
        [],
        [],
        [],
    ]


def test_a_protected_global_table_is_not_deleted(made: Stacks, emulator: EmulatorProcess) -> None:
    made.create("carts", global_table(PRIMARY, SECONDARY, protected=True))
    with pytest.raises(StackError):
        made.delete("carts")
    for region in (PRIMARY, SECONDARY):
        assert client(emulator, "dynamodb", region).list_tables()["TableNames"] == ["carts"]
        client(emulator, "dynamodb", region).update_table(TableName="carts", DeletionProtectionEnabled=False)


def bucket(name: str, **properties: Any) -> dict[str, Any]:
    return {
        "Bucket": resource(
            "AWS::S3::Bucket", BucketName=name, VersioningConfiguration={"Status": "Enabled"}, **properties
        )
    }


@pytest.mark.parametrize("markers", ["Enabled", "Disabled"])
def test_a_bucket_replicates_to_another_region(made: Stacks, emulator: EmulatorProcess, markers: str) -> None:
    made.create("copies", bucket("assets-copies"), SECONDARY)
    rule = {
        "Id": "all",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": "img/"},
        "DeleteMarkerReplication": {"Status": markers},
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        "Destination": {
            "Bucket": "arn:aws:s3:::assets-copies",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": f"arn:aws:kms:{SECONDARY}:{ACCOUNT}:key/mrk-1"},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": "15"}},
        },
    }
    role = f"arn:aws:iam::{ACCOUNT}:role/replication"
    made.create(
        "assets",
        bucket(
            "assets-origin",
            ReplicationConfiguration={"Role": role, "Rules": [rule]},
            AccelerateConfiguration={"AccelerationStatus": "Enabled"},
        ),
    )
    near, far = client(emulator, "s3"), client(emulator, "s3", SECONDARY)
    near.put_object(
        Bucket="assets-origin", Key="img/cup", Body=b"png", ContentType="image/png", Metadata={"alt": "cup"}
    )
    near.put_object(Bucket="assets-origin", Key="tmp/cup", Body=b"-")

    def keys() -> list[str]:
        return [each["Key"] for each in far.list_objects_v2(Bucket="assets-copies").get("Contents", [])]

    assert eventually(keys) == ["img/cup"]
    copy = far.get_object(Bucket="assets-copies", Key="img/cup")
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"]) == (
        b"png",
        "image/png",
        {"alt": "cup"},
    )
    assert copy["ReplicationStatus"] == "REPLICA"
    near.delete_object(Bucket="assets-origin", Key="img/cup")
    assert keys() == ([] if markers == "Enabled" else ["img/cup"])
    assert near.get_bucket_accelerate_configuration(Bucket="assets-origin")["Status"] == "Enabled"
    for s3, name in ((near, "assets-origin"), (far, "assets-copies")):
        found = s3.list_object_versions(Bucket=name)
        for each in (*found.get("Versions", []), *found.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])


# --- events ----------------------------------------------------------------------------------------------


def bus_with_queue(*, forward_to: str | None, own: str) -> dict[str, Any]:
    """A bus whose events go to a queue; those that happened in region `own` to the bus of another region too."""
    resources = {
        "Bus": resource("AWS::Events::EventBus", Name="shop"),
        "Queue": resource("AWS::SQS::Queue", QueueName="orders"),
        "ToQueue": resource(
            "AWS::Events::Rule",
            EventBusName=ref("Bus"),
            EventPattern={"source": ["shop"]},
            Targets=[{"Id": "queue", "Arn": att("Queue", "Arn")}],
        ),
    }
    if forward_to:
        resources["Forward"] = resource(
            "AWS::Events::Rule",
            Name="forward",
            EventBusName=ref("Bus"),
            EventPattern={"source": ["shop"], "region": [own]},
            Targets=[
                {
                    "Id": "bus",
                    "Arn": f"arn:aws:events:{forward_to}:{ACCOUNT}:event-bus/shop",
                    "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/forward",
                }
            ],
        )
    return resources


def test_an_event_reaches_its_queue_and_the_bus_of_another_region_once(
    made: Stacks, emulator: EmulatorProcess
) -> None:
    urls = {
        region: made.create("bus", bus_with_queue(forward_to=to, own=region), region, Url=ref("Queue"))["Url"]
        for region, to in ((PRIMARY, SECONDARY), (SECONDARY, PRIMARY), (TERTIARY, None))
    }

    def received(region: str) -> list[tuple[str, str]]:
        sqs = client(emulator, "sqs", region)
        found = sqs.receive_message(QueueUrl=urls[region], MaxNumberOfMessages=10).get("Messages", [])
        events = [json.loads(message["Body"]) for message in found]
        return [(event["region"], event["detail"]["order"]) for event in events]

    entry = {
        "Source": "shop",
        "DetailType": "OrderPlaced",
        "Detail": '{"order": "7"}',
        "EventBusName": "shop",
    }
    answer = client(emulator, "events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0
    assert eventually(lambda: received(SECONDARY)) == [(PRIMARY, "7")]
    assert received(PRIMARY) == [(PRIMARY, "7")]
    assert received(TERTIARY) == []
