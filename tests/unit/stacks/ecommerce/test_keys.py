"""The keys: who may use them, that they cannot be lost in a hurry, and that data is readable in the other
regions."""

import pytest

from stacks.ecommerce import names
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.policies import ACCOUNT, decide, text
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OURS = {"aws:SourceAccount": ACCOUNT}


def keys(region: str) -> Template:
    return platform()[stack_name("Keys", region, None)]


def operations(region: str) -> Template:
    (key,) = (
        each
        for each in resources(keys(region), "AWS::KMS::Key")
        if each["Description"].startswith("Logs, messages")
    )
    return key


def data(region: Region) -> Template:
    if region.role != "primary":
        return only(keys(region.name), "AWS::KMS::ReplicaKey")
    (key,) = (each for each in resources(keys(region.name), "AWS::KMS::Key") if each.get("MultiRegion"))
    return key


@every_region
def test_the_data_key_is_one_in_all_regions_under_one_alias(region: Region) -> None:
    if region.role == "primary":
        assert data(region)["EnableKeyRotation"] is True
    else:
        primary = stack_name("Keys", DEFAULT.primary.name, None)
        assert primary in str(data(region)["PrimaryKeyArn"])
    aliases = {each["AliasName"] for each in resources(keys(region.name), "AWS::KMS::Alias")}
    assert aliases == {f"alias/{names.data_key_alias(None)}", f"alias/{names.operations_key_alias(None)}"}


@every_region
def test_their_logical_ids_stay_and_they_outlive_their_stack(region: Region) -> None:
    kept = {
        logical_id
        for logical_id, each in keys(region.name)["Resources"].items()
        if each["Type"] in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey") and each["DeletionPolicy"] == "Retain"
    }
    assert kept == {
        "DataKey5F086070" if region.role == "primary" else "DataReplica4B2D7AAD",
        "OperationsKeyD0717C64",
    }


@every_region
@pytest.mark.parametrize("of", ["data", "operations"])
def test_nobody_deletes_one_sooner_than_in_a_month(region: Region, of: str) -> None:
    key = data(region) if of == "data" else operations(region.name)
    for days, decision in (("7", "deny"), ("29", "deny"), ("30", "allow")):
        context = {"kms:ScheduleKeyDeletionPendingWindowInDays": days}
        assert decide(key["KeyPolicy"], "kms:ScheduleKeyDeletion", "*", context, principal=ROOT) == decision
    assert key["PendingWindowInDays"] == 30


def test_customers_data_is_readable_in_the_regions_of_the_platform_alone() -> None:
    policy = data(DEFAULT.primary)["KeyPolicy"]
    for region, decision in [(each.name, "allow") for each in DEFAULT.regions] + [("us-west-2", "deny")]:
        context = {"kms:ReplicaRegion": region}
        assert decide(policy, "kms:ReplicateKey", "*", context, principal=ROOT) == decision


@every_region
def test_no_service_uses_the_data_key_but_for_a_role_that_may(region: Region) -> None:
    for service in ("logs", "s3", "secretsmanager", "rds", "dynamodb"):
        decision = decide(
            data(region)["KeyPolicy"], "kms:Decrypt", "*", OURS, principal=f"{service}.amazonaws.com"
        )
        assert decision == "nothing"


@every_region
@pytest.mark.parametrize(
    "service", ["cloudwatch", "events", "sns", "s3", "budgets", "costalerts", "backup", "config"]
)
def test_services_use_the_operations_key_for_this_account_and_change_nothing(
    region: Region, service: str
) -> None:
    policy, who = operations(region.name)["KeyPolicy"], f"{service}.amazonaws.com"
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert decide(policy, action, "*", OURS, principal=who) == "allow"
        assert decide(policy, action, "*", {"aws:SourceAccount": "999999999999"}, principal=who) == "nothing"
        assert decide(policy, action, "*", {}, principal=who) == "nothing"
    for action in ("kms:PutKeyPolicy", "kms:CreateGrant", "kms:DisableKey"):
        assert decide(policy, action, "*", OURS, principal=who) == "nothing"


@every_region
def test_logs_of_this_account_in_this_region_and_no_others(region: Region) -> None:
    policy, who = operations(region.name)["KeyPolicy"], f"logs.{region.name}.amazonaws.com"
    own = f"arn:aws:logs:{region.name}:{ACCOUNT}:log-group:any"
    for arn, decision in (
        (own, "allow"),
        (own.replace(ACCOUNT, "999999999999"), "nothing"),
        (own.replace(region.name, "us-west-2"), "nothing"),
    ):
        context = {"kms:EncryptionContext:aws:logs:arn": arn}
        assert decide(policy, "kms:GenerateDataKey", "*", context, principal=who) == decision


@every_region
def test_no_stranger_is_named(region: Region) -> None:
    for key in (data(region), operations(region.name)):
        for statement in key["KeyPolicy"]["Statement"]:
            if statement["Effect"] == "Allow" and "AWS" in statement["Principal"]:
                assert text(statement["Principal"]["AWS"]) == ROOT
