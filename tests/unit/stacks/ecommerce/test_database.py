"""The orders' database and its replicas as CloudFormation gets them."""

import json

import pytest

from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.network.isolated_acl import POSTGRESQL
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
REPLICAS = [region for region in DEFAULT.regions if region.role != "primary"]
every_replica = pytest.mark.parametrize("region", REPLICAS, ids=lambda region: region.name)


def database(region: Region, **given: object) -> Template:
    part = "Database" if region.role == "primary" else "DatabaseReplica"
    return platform(**given)[stack_name(part, region.name, None)]


def instance(region: Region, **given: object) -> Template:
    return only(database(region, **given), "AWS::RDS::DBInstance")


def from_keys_of(value: Template, region: Region) -> bool:
    """Whether `value` is an output of the keys' stack of `region`, and of its data key."""
    output = value["Fn::GetStackOutput"]
    return bool(
        output["StackName"] == stack_name("Keys", region.name, None)
        and output["Region"] == region.name
        and "Data" in output["OutputName"]
    )


@every_region
def test_encrypted_with_the_key_of_its_own_region(region: Region) -> None:
    found = instance(region)
    assert from_keys_of(found["KmsKeyId"], region)
    assert from_keys_of(found["PerformanceInsightsKMSKeyId"], region)


@every_region
def test_it_is_reached_by_the_workload_alone_at_the_port_that_the_network_lets_through(
    region: Region,
) -> None:
    found = database(region)
    group = only(found, "AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
    (rule,) = resources(found, "AWS::EC2::SecurityGroupIngress")
    assert (rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) == (POSTGRESQL, POSTGRESQL, "tcp")
    assert "SourceSecurityGroupId" in rule
    assert not rule.keys() & {"CidrIp", "CidrIpv6", "SourcePrefixListId"}


@every_region
def test_in_the_three_isolated_subnets_and_not_public(region: Region) -> None:
    subnets = only(database(region), "AWS::RDS::DBSubnetGroup")["SubnetIds"]
    assert len(subnets) == len(region.zones)
    assert all("IsolatedSubnet" in json.dumps(each) for each in subnets)
    assert instance(region)["PubliclyAccessible"] is False


@every_replica
def test_a_replica_follows_the_primary_by_an_arn_that_needs_no_reference(region: Region) -> None:
    found = instance(region)
    parts = found["SourceDBInstanceIdentifier"]["Fn::Join"][1]
    text = "".join(each if isinstance(each, str) else each["Ref"] for each in parts)
    assert text == f"arn:AWS::Partition:rds:{DEFAULT.primary.name}:AWS::AccountId:db:ecommerce-orders"
    assert found["SourceRegion"] == DEFAULT.primary.name
    # a user or a password of its own would be refused
    assert not found.keys() & {"MasterUsername", "MasterUserPassword", "DBName"}


@pytest.mark.parametrize("profile", SIZES)
@every_region
def test_the_same_version_and_as_complete_as_the_source(region: Region, profile: str) -> None:
    """A promoted replica has to be a writer at once: with backups, logs, protection and parameters."""
    given = {} if profile == "demo" else {"ecommerce_profile": profile}
    source, found = instance(DEFAULT.primary, **given), instance(region, **given)
    for name in (
        "EngineVersion",
        "BackupRetentionPeriod",
        "EnableCloudwatchLogsExports",
        "EnableIAMDatabaseAuthentication",
        "DeletionProtection",
        "CopyTagsToSnapshot",
        "MonitoringInterval",
        "EnablePerformanceInsights",
        "StorageType",
        "MaxAllocatedStorage",
    ):
        assert found[name] == source[name], name
    assert found["BackupRetentionPeriod"] >= 7
    family = only(database(region, **given), "AWS::RDS::DBParameterGroup")["Family"]
    assert family == f"postgres{found['EngineVersion'].split('.')[0]}"


@pytest.mark.parametrize("profile", SIZES)
def test_the_failover_target_can_carry_the_writes(profile: str) -> None:
    given = {} if profile == "demo" else {"ecommerce_profile": profile}
    source = instance(DEFAULT.primary, **given)
    secondary = next(region for region in REPLICAS if region.role == "secondary")
    assert instance(secondary, **given)["DBInstanceClass"] == source["DBInstanceClass"]
    assert source["MultiAZ"] is True
    assert instance(secondary, **given)["MultiAZ"] is (profile != "demo")


def test_a_minor_version_reaches_the_replicas_before_their_source() -> None:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    def begins(region: Region) -> tuple[int, str]:
        day, time = instance(region)["PreferredMaintenanceWindow"].split("-")[0].split(":", 1)
        return days.index(day), time

    *replicas, source = sorted(DEFAULT.regions, key=begins)
    assert source == DEFAULT.primary
    assert len({begins(region)[0] for region in DEFAULT.regions}) == len(DEFAULT.regions)
    assert {region.role for region in replicas} == {"secondary", "tertiary"}


@every_region
def test_nobody_is_let_in_without_tls_and_no_value_of_a_customer_is_logged(region: Region) -> None:
    parameters = only(database(region), "AWS::RDS::DBParameterGroup")["Parameters"]
    assert parameters["rds.force_ssl"] == "1"
    assert parameters["log_connections"] == parameters["log_disconnections"] == "1"
    assert parameters["log_parameter_max_length"] == parameters["log_parameter_max_length_on_error"] == "0"


@every_region
def test_logs_go_to_groups_that_are_there_before_the_instance(region: Region) -> None:
    """RDS would make them itself on the first line, without a key and for ever."""
    found = database(region)
    groups = {
        each["Properties"]["LogGroupName"]: (name, each["Properties"])
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::Logs::LogGroup" and "LogGroupName" in each["Properties"]
    }
    (made,) = (each for each in found["Resources"].values() if each["Type"] == "AWS::RDS::DBInstance")
    exported = made["Properties"]["EnableCloudwatchLogsExports"]
    assert groups.keys() == {f"/aws/rds/instance/ecommerce-orders/{name}" for name in exported}
    for name, properties in groups.values():
        assert name in made["DependsOn"]
        assert "Operations" in json.dumps(properties["KmsKeyId"])
        assert properties["RetentionInDays"] == 30


def test_the_secret_is_readable_in_every_region_with_that_regions_key_and_knows_no_host() -> None:
    found = database(DEFAULT.primary)
    secret = only(found, "AWS::SecretsManager::Secret")
    assert from_keys_of(secret["KmsKeyId"], DEFAULT.primary)
    by_name = {region.name: region for region in REPLICAS}
    assert {each["Region"] for each in secret["ReplicaRegions"]} == by_name.keys()
    assert all(from_keys_of(each["KmsKeyId"], by_name[each["Region"]]) for each in secret["ReplicaRegions"])
    assert json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]).keys() == {"username"}
    assert resources(found, "AWS::SecretsManager::SecretTargetAttachment") == []
    # RDS makes no replica of an instance whose password it manages by itself
    assert "ManageMasterUserPassword" not in instance(DEFAULT.primary)


def test_rotation_may_touch_its_secret_and_its_instance_and_waits_for_it() -> None:
    found = database(DEFAULT.primary)
    (policy,) = resources(found, "AWS::IAM::ManagedPolicy")
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Resource"] != "*"
        assert "*" not in json.dumps(statement["Action"])
    (schedule,) = (
        each
        for each in found["Resources"].values()
        if each["Type"] == "AWS::SecretsManager::RotationSchedule"
    )
    assert "OrdersInstanceB460215C" in schedule["DependsOn"]
    assert schedule["Properties"]["RotateImmediatelyOnUpdate"] is False
    assert "Transform" not in found
    permission = only(found, "AWS::Lambda::Permission")
    assert permission["Principal"] == "secretsmanager.amazonaws.com"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize("regions", ["us-east-1", "us-east-1,ap-southeast-1"])
def test_a_region_that_is_left_out_has_no_copy_of_the_secret_and_no_replica(regions: str) -> None:
    found = platform(ecommerce_regions=regions)
    others = set(regions.split(",")) - {DEFAULT.primary.name}
    secret = only(found["EcommerceDatabase-us-east-1"], "AWS::SecretsManager::Secret")
    assert {each["Region"] for each in secret.get("ReplicaRegions", [])} == others
    assert {name for name in found if name.startswith("EcommerceDatabaseReplica-")} == {
        f"EcommerceDatabaseReplica-{name}" for name in others
    }
