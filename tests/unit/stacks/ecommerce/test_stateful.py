"""What holds customers' data keeps its logical id and what would replace it: else an update makes an empty one.

Whoever changes a row here replaces a database, and has to say how its data gets into the new one.
"""

from typing import Any

import pytest

from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template

PRIMARY = DEFAULT.primary.name
REPLICAS = [region.name for region in DEFAULT.regions if region.name != PRIMARY]
EVERYWHERE = [region.name for region in DEFAULT.regions]
KEPT = ("Retain", "Retain")

DATABASE = {"DBInstanceIdentifier": "ecommerce-orders", "Engine": "postgres"}
CACHE = {
    "ReplicationGroupId": "ecommerce-checkout",
    "Engine": "valkey",
    "Port": 6379,
    "AtRestEncryptionEnabled": True,
    "CacheSubnetGroupName": {"Ref": "CheckoutSubnets159F28F1"},
}
CARTS = {
    "TableName": "ecommerce-carts",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "customerId", "AttributeType": "S"},
    ],
}

# "Update requires: Replacement" in the AWS CloudFormation Template Reference, of the properties that are given
PINNED: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "Database",
        PRIMARY,
        "OrdersInstanceB460215C",
        "AWS::RDS::DBInstance",
        {
            **DATABASE,
            "DBName": "orders",
            "MasterUsername": "shop",
            "StorageEncrypted": True,
            "DBSubnetGroupName": {"Ref": "BaseSubnetsA534111C"},
        },
    ),
    (
        "Database",
        PRIMARY,
        "CredentialsSecret40F8BB41",
        "AWS::SecretsManager::Secret",
        {"Name": "ecommerce/orders-database"},
    ),
    ("Tables", PRIMARY, "CartsTableA0804D1E", "AWS::DynamoDB::GlobalTable", CARTS),
    *(
        (
            "DatabaseReplica",
            region,
            "OrdersInstanceB460215C",
            "AWS::RDS::DBInstance",
            {**DATABASE, "DBSubnetGroupName": {"Ref": "BaseSubnetsA534111C"}},
        )
        for region in REPLICAS
    ),
    *(
        ("Cache", region, "CheckoutGroupAF41F896", "AWS::ElastiCache::ReplicationGroup", CACHE)
        for region in EVERYWHERE
    ),
    *(
        (
            "Storage",
            region,
            logical_id,
            "AWS::S3::Bucket",
            {"BucketName": {"Fn::Join": ["", [f"ecommerce-{of}-", {"Ref": "AWS::AccountId"}, f"-{region}"]]}},
        )
        for region in EVERYWHERE
        for of, logical_id in (
            ("assets", "AssetsBucket252B3DF7"),
            ("uploads", "UploadsBucketC4B27CC7"),
            ("logs", "LogsBucket5C52C3D2"),
        )
    ),
]
HOLD_DATA = {kind for *_, kind, _ in PINNED}
# Made anew with the cache that it opens, and so in no row.
MADE_ANEW = {"AccessSecretD1770891"}


def stack(part: str, region: str, **given: object) -> Template:
    """The template of a part in a region."""
    return platform(**given)[stack_name(part, region, None)]


@pytest.mark.parametrize(
    ("part", "region", "logical_id", "kind", "pinned"),
    PINNED,
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_nothing_that_holds_data_is_replaced(
    part: str, region: str, logical_id: str, kind: str, pinned: dict[str, Any]
) -> None:
    found = stack(part, region)["Resources"][logical_id]
    assert found["Type"] == kind
    assert {name: found["Properties"].get(name) for name in pinned} == pinned


def test_everything_that_holds_data_has_a_row() -> None:
    """Of this layer's stacks; another's that holds data adds its rows and its part."""
    parts = {part for part, *_ in PINNED}
    rows = {(part, region, logical_id) for part, region, logical_id, *_ in PINNED}
    found = {
        (part, region, logical_id)
        for part in parts
        for region in EVERYWHERE
        for logical_id, each in platform()
        .get(stack_name(part, region, None), {"Resources": {}})["Resources"]
        .items()
        if each["Type"] in HOLD_DATA and logical_id not in MADE_ANEW
    }
    assert found == rows


@pytest.mark.parametrize(("removal", "policies"), [("retain", KEPT), ("destroy", ("Delete", "Delete"))])
def test_what_becomes_of_it_with_its_stack(removal: str, policies: tuple[str, str]) -> None:
    given = {} if removal == "retain" else {"removal_policy": removal}
    for part, region, logical_id, kind, _ in PINNED:
        found = stack(part, region, **given)["Resources"][logical_id]
        expected = policies
        if kind == "AWS::ElastiCache::ReplicationGroup" and removal == "retain":
            expected = ("Snapshot", "Snapshot")
        assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == expected, logical_id


@pytest.mark.parametrize(("removal", "protected"), [("retain", True), ("destroy", False)])
def test_a_database_that_is_kept_cannot_be_deleted_by_a_slip(removal: str, protected: bool) -> None:
    given = {} if removal == "retain" else {"removal_policy": removal}
    for part, region in [("Database", PRIMARY), *(("DatabaseReplica", region) for region in REPLICAS)]:
        instance = stack(part, region, **given)["Resources"]["OrdersInstanceB460215C"]["Properties"]
        assert instance["DeletionProtection"] is protected
    table = stack("Tables", PRIMARY, **given)["Resources"]["CartsTableA0804D1E"]["Properties"]
    assert [each["DeletionProtectionEnabled"] for each in table["Replicas"]] == [protected] * len(EVERYWHERE)
