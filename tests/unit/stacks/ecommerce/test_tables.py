"""The carts' global table as CloudFormation gets it."""

import pytest

from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only

NAMES = [region.name for region in DEFAULT.regions]


def carts(**given: object) -> Template:
    return only(
        platform(**given)[stack_name("Tables", DEFAULT.primary.name, None)], "AWS::DynamoDB::GlobalTable"
    )


def replicas(**given: object) -> dict[str, Template]:
    return {each["Region"]: each for each in carts(**given)["Replicas"]}


@pytest.mark.parametrize("names", [NAMES, NAMES[:1], NAMES[::2]], ids=",".join)
def test_a_replica_in_every_region_with_that_regions_key(names: list[str]) -> None:
    given = {} if names == NAMES else {"ecommerce_regions": ",".join(names)}
    found = replicas(**given)
    assert found.keys() == set(names)
    for name, each in found.items():
        key = each["SSESpecification"]["KMSMasterKeyId"]["Fn::GetStackOutput"]
        assert (key["StackName"], key["Region"]) == (stack_name("Keys", name, None), name)
    assert carts(**given)["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}


def test_every_replica_can_be_restored_to_any_second() -> None:
    for each in replicas().values():
        assert each["PointInTimeRecoverySpecification"] == {
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": 35,
        }


def test_the_index_is_what_the_sample_asks_for() -> None:
    (index,) = carts()["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "idx_global_customerId"
    assert index["KeySchema"] == [{"AttributeName": "customerId", "KeyType": "HASH"}]
    assert index["Projection"] == {"ProjectionType": "ALL"}


@pytest.mark.parametrize("profile", SIZES)
def test_on_demand_with_a_limit_for_table_and_index(profile: str) -> None:
    given = {} if profile == "demo" else {"ecommerce_profile": profile}
    size = SIZES[profile]  # type: ignore[index]  # a ProfileName
    found = carts(**given)
    assert found["BillingMode"] == "PAY_PER_REQUEST"
    writes = {"MaxWriteRequestUnits": size.max_writes}
    assert found["WriteOnDemandThroughputSettings"] == writes
    assert found["GlobalSecondaryIndexes"][0]["WriteOnDemandThroughputSettings"] == writes
    for each in replicas(**given).values():
        reads = {"MaxReadRequestUnits": size.max_reads}
        assert each["ReadOnDemandThroughputSettings"] == reads
        assert each["GlobalSecondaryIndexes"][0]["ReadOnDemandThroughputSettings"] == reads


def test_carts_can_expire() -> None:
    assert carts()["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
