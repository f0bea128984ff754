"""The caches as CloudFormation gets them."""

import json

import pytest

from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.network.isolated_acl import REDIS
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)


def cache(region: Region, **given: object) -> Template:
    return platform(**given)[stack_name("Cache", region.name, None)]


def group(region: Region, **given: object) -> Template:
    return only(cache(region, **given), "AWS::ElastiCache::ReplicationGroup")


@every_region
def test_encrypted_on_the_wire_and_at_rest_with_its_regions_key(region: Region) -> None:
    found = group(region)
    assert (found["TransitEncryptionEnabled"], found["TransitEncryptionMode"]) == (True, "required")
    key = found["KmsKeyId"]["Fn::GetStackOutput"]
    assert (key["StackName"], key["Region"]) == (stack_name("Keys", region.name, None), region.name)
    assert "Data" in key["OutputName"]


@every_region
def test_a_zone_may_fail(region: Region) -> None:
    found = group(region)
    assert found["AutomaticFailoverEnabled"] is found["MultiAZEnabled"] is True
    assert found["NumCacheClusters"] >= 2
    subnets = only(cache(region), "AWS::ElastiCache::SubnetGroup")["SubnetIds"]
    assert len(subnets) == len(region.zones)
    assert all("IsolatedSubnet" in json.dumps(each) for each in subnets)


@every_region
def test_reached_by_the_workload_alone_at_the_port_that_the_network_lets_through(region: Region) -> None:
    found = cache(region)
    (rule,) = resources(found, "AWS::EC2::SecurityGroupIngress")
    assert (rule["FromPort"], rule["ToPort"]) == (REDIS, REDIS) == (group(region)["Port"],) * 2
    assert "SourceSecurityGroupId" in rule
    assert "SecurityGroupIngress" not in only(found, "AWS::EC2::SecurityGroup")


@every_region
def test_one_user_with_a_password_and_nobody_without_a_name(region: Region) -> None:
    found = cache(region)
    user = only(found, "AWS::ElastiCache::User")
    assert user["UserName"] != "default"
    assert ":SecretString:password::" in json.dumps(user["AuthenticationMode"]["Passwords"])
    rights = user["AccessString"].split()
    assert rights.index("-@all") < rights.index("+@read") < rights.index("-@dangerous")
    dangerous_again = rights[rights.index("-@dangerous") + 1 :]
    assert dangerous_again == ["+info", "+cluster|slots", "+cluster|shards", "+cluster|nodes"]
    assert "AuthToken" not in group(region)


@every_region
def test_both_logs_go_to_groups_with_a_key_and_a_retention(region: Region) -> None:
    found = cache(region)
    deliveries = group(region)["LogDeliveryConfigurations"]
    assert {each["LogType"] for each in deliveries} == {"slow-log", "engine-log"}
    for each in deliveries:
        name = each["DestinationDetails"]["CloudWatchLogsDetails"]["LogGroup"]["Ref"]
        properties = found["Resources"][name]["Properties"]
        assert properties["RetentionInDays"] == 30
        assert "Operations" in json.dumps(properties["KmsKeyId"])


@every_region
def test_checkouts_that_are_given_up_make_room(region: Region) -> None:
    """The sample sets no expiry: with volatile-lru, ElastiCache's default, a full cache would refuse writes."""
    parameters = only(cache(region), "AWS::ElastiCache::ParameterGroup")["Properties"]
    assert parameters == {"maxmemory-policy": "allkeys-lru", "cluster-enabled": "no"}


@pytest.mark.parametrize("profile", SIZES)
def test_in_cluster_mode_shards_by_profile(profile: str) -> None:
    found = group(DEFAULT.primary, ecommerce_profile=profile, ecommerce_cache_cluster_mode="enabled")
    assert (found["NumNodeGroups"], found["ReplicasPerNodeGroup"]) == {
        "demo": (1, 1),
        "standard": (2, 1),
        "peak": (3, 2),
    }[profile]
    assert "NumCacheClusters" not in found
    assert found["ClusterMode"] == "enabled"


@pytest.mark.parametrize("mode", ["disabled", "compatible", "enabled"])
def test_each_mode_has_the_parameter_that_it_needs_and_a_group_of_its_own(mode: str) -> None:
    """A parameter group that is used cannot change `cluster-enabled`."""
    given = {} if mode == "disabled" else {"ecommerce_cache_cluster_mode": mode}
    found = cache(DEFAULT.primary, **given)
    (logical_id,) = (
        name
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::ElastiCache::ParameterGroup"
    )
    parameters = found["Resources"][logical_id]["Properties"]["Properties"]
    assert parameters["cluster-enabled"] == ("no" if mode == "disabled" else "yes")
    assert logical_id.startswith("CheckoutParameters" if mode == "disabled" else "CheckoutClusterParameters")
