"""The networks as CloudFormation gets them: addresses, routes, who may enter, what is recorded."""

import itertools
import json
from ipaddress import IPv4Network

import pytest

from stacks.ecommerce.network.endpoint_services import INTERFACE_ENDPOINTS
from stacks.ecommerce.profiles import PROFILES
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.networks import cidrs, default_routes, network, networks, subnets
from tests.unit.stacks.synthesis import Template, only, resources, template

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
KINDS = ("Public", "Private", "Isolated")


def test_no_addresses_are_given_twice_in_all_regions_and_the_counter() -> None:
    blocks = [
        (name, IPv4Network(each["CidrBlock"]))
        for name, found in {**networks(), "VisitorCounter": template("VisitorCounter")}.items()
        for each in resources(found, "AWS::EC2::Subnet")
    ]
    assert len(blocks) == 3 * 9 + 4
    for (one, block), (other, another) in itertools.combinations(blocks, 2):
        assert not block.overlaps(another), f"{one} and {other}"
    whole = [
        IPv4Network(only(found, "AWS::EC2::VPC")["CidrBlock"])
        for found in [*networks().values(), template("VisitorCounter")]
    ]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(whole, 2))


@every_region
def test_three_zones_by_id_with_a_subnet_of_each_kind(region: Region) -> None:
    found = network(region.name)
    assert only(found, "AWS::EC2::VPC")["CidrBlock"] == str(region.cidr)
    for kind in KINDS:
        zones = [each["AvailabilityZoneId"] for each in subnets(found, kind).values()]
        assert zones == list(region.zones)
        assert all(block.subnet_of(region.cidr) for block in cidrs(found, kind))
    assert all("AvailabilityZone" not in each for each in resources(found, "AWS::EC2::Subnet"))
    assert not any(each["MapPublicIpOnLaunch"] for each in resources(found, "AWS::EC2::Subnet"))
    sizes = {kind: {block.num_addresses for block in cidrs(found, kind)} for kind in KINDS}
    assert sizes == {"Private": {8192}, "Public": {1024}, "Isolated": {1024}}


@every_region
def test_a_fourth_zone_would_fit(region: Region) -> None:
    """Subnets cannot grow: what is left has to hold one more of each kind."""
    taken = [block for kind in KINDS for block in cidrs(network(region.name), kind)]
    free = [
        block
        for block in region.cidr.subnets(new_prefix=region.cidr.prefixlen + 3)
        if not any(block.overlaps(other) for other in taken)
    ]
    assert len(free) >= 2


@every_region
def test_public_routes_lead_to_the_internet_and_isolated_ones_nowhere(region: Region) -> None:
    found = network(region.name)
    gateway = {
        name for name, each in found["Resources"].items() if each["Type"] == "AWS::EC2::InternetGateway"
    }
    assert {
        (route["DestinationCidrBlock"], route["GatewayId"]["Ref"])
        for route in default_routes(found, "Public")
        if route
    } == {("0.0.0.0/0", name) for name in gateway}
    assert list(default_routes(found, "Isolated")) == [None] * 3


@every_region
@pytest.mark.parametrize("profile", PROFILES)
def test_private_routes_lead_to_the_profiles_nat_gateways(profile: str, region: Region) -> None:
    found = network(region.name, **({} if profile == "demo" else {"ecommerce_profile": profile}))
    expected = {"demo": 1, "standard": 3, "peak": 3}[profile]
    gateways = {
        name: each["Properties"]["SubnetId"]["Ref"]
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::EC2::NatGateway"
    }
    assert len(gateways) == len(set(gateways.values())) == len(resources(found, "AWS::EC2::EIP")) == expected
    assert set(gateways.values()) <= subnets(found, "Public").keys()
    used = [route["NatGatewayId"]["Ref"] for route in default_routes(found, "Private")]
    if expected == 1:
        assert used == list(gateways) * 3
        return
    zones = {name: each["AvailabilityZoneId"] for name, each in subnets(found, "Public").items()}
    own = [each["AvailabilityZoneId"] for each in subnets(found, "Private").values()]
    assert [zones[gateways[name]] for name in used] == own, "each zone has its own way out"


@every_region
def test_isolated_subnets_admit_the_private_ones_at_two_ports_and_answer(region: Region) -> None:
    found = network(region.name)
    (acl,) = (name for name, each in found["Resources"].items() if each["Type"] == "AWS::EC2::NetworkAcl")
    associated = {
        each["SubnetId"]["Ref"]: each["NetworkAclId"]["Ref"]
        for each in resources(found, "AWS::EC2::SubnetNetworkAclAssociation")
    }
    assert associated == dict.fromkeys(subnets(found, "Isolated"), acl)
    entries = resources(found, "AWS::EC2::NetworkAclEntry")
    rules = sorted(
        (
            each["Egress"],
            each["CidrBlock"],
            each["PortRange"]["From"],
            each["PortRange"]["To"],
            each["Protocol"],
            each["RuleAction"],
            each["NetworkAclId"]["Ref"],
        )
        for each in entries
    )
    private = [str(block) for block in cidrs(found, "Private")]
    assert rules == sorted(
        [(False, block, port, port, 6, "allow", acl) for block in private for port in (5432, 6379)]
        + [(True, block, 1024, 65535, 6, "allow", acl) for block in private]
    )
    numbers = [each["RuleNumber"] for each in entries]
    assert len(set(numbers)) == len(numbers)


@every_region
def test_the_default_group_is_closed_and_there_is_no_other(region: Region) -> None:
    found = network(region.name)
    (vpc,) = (name for name, each in found["Resources"].items() if each["Type"] == "AWS::EC2::VPC")
    closed = only(found, "Custom::VpcRestrictDefaultSG")
    assert closed["DefaultSecurityGroupId"] == {"Fn::GetAtt": [vpc, "DefaultSecurityGroup"]}
    assert resources(found, "AWS::EC2::SecurityGroup") == []


@every_region
@pytest.mark.parametrize(("removal", "days"), [("retain", 30), ("destroy", 365)])
def test_all_traffic_is_recorded_encrypted_and_for_as_long_as_the_setting_says(
    removal: str, days: int, region: Region
) -> None:
    given = {} if removal == "retain" else {"removal_policy": removal, "log_retention_days": days}
    found = network(region.name, **given)
    flow_log = only(found, "AWS::EC2::FlowLog")
    assert (flow_log["TrafficType"], flow_log["ResourceType"]) == ("ALL", "VPC")
    group = found["Resources"][flow_log["LogGroupName"]["Ref"]]
    (key,) = (name for name, each in found["Resources"].items() if each["Type"] == "AWS::KMS::Key")
    assert group["Properties"] == {"KmsKeyId": {"Fn::GetAtt": [key, "Arn"]}, "RetentionInDays": days}
    kept = {"retain": "Retain", "destroy": "Delete"}[removal]
    assert {group["DeletionPolicy"], found["Resources"][key]["DeletionPolicy"]} == {kept}
    assert found["Resources"][key]["Properties"]["EnableKeyRotation"] is True
    assert all("RetentionInDays" in each for each in resources(found, "AWS::Logs::LogGroup"))


@every_region
def test_cloudwatch_of_the_region_may_use_the_key_for_groups_of_this_stack(region: Region) -> None:
    """Without this a log group with the key is refused, which neither synth nor the emulator would notice."""
    policy = only(network(region.name), "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    (statement,) = (each for each in policy if "Service" in each["Principal"])
    assert statement["Principal"] == {"Service": f"logs.{region.name}.amazonaws.com"}
    condition = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert json.dumps(condition).endswith(f':log-group:EcommerceNetwork-{region.name}-*"]]}}')


@every_region
def test_only_this_accounts_flow_logs_may_write_and_only_into_its_group(region: Region) -> None:
    found = network(region.name)
    flow_log = only(found, "AWS::EC2::FlowLog")
    role = flow_log["DeliverLogsPermissionArn"]["Fn::GetAtt"][0]
    (trust,) = found["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    (statement,) = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert statement["Resource"] == {"Fn::GetAtt": [flow_log["LogGroupName"]["Ref"], "Arn"]}


def endpoints(found: Template, kind: str) -> dict[str, Template]:
    """Endpoints of a kind by the last part of their service's name."""
    by_name = {}
    for each in resources(found, "AWS::EC2::VPCEndpoint"):
        if each["VpcEndpointType"] == kind:
            name = each["ServiceName"]
            text = name if isinstance(name, str) else f"com.amazonaws.x{name['Fn::Join'][1][-1]}"
            by_name[text.split(".", 3)[3]] = each
    return by_name


@every_region
def test_s3_and_dynamodb_are_reached_past_the_internet_in_this_account_alone(region: Region) -> None:
    found = network(region.name)
    gateways = endpoints(found, "Gateway")
    assert gateways.keys() == {"s3", "dynamodb"}
    tables = {
        each["RouteTableId"]["Ref"]
        for each in resources(found, "AWS::EC2::SubnetRouteTableAssociation")
        if each["SubnetId"]["Ref"] in subnets(found, "Private")
    }
    for each in gateways.values():
        assert {table["Ref"] for table in each["RouteTableIds"]} == tables
        for statement in each["PolicyDocument"]["Statement"]:
            own = {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}}
            if statement.get("Condition") != own:
                assert statement["Action"] == "s3:GetObject"
                assert "-starport-layer-bucket/*" in json.dumps(statement["Resource"])
    assert endpoints(found, "Interface") == {}


@every_region
def test_interface_endpoints_are_in_every_zone_and_admit_the_private_subnets(region: Region) -> None:
    found = network(region.name, ecommerce_endpoints="interface")
    made = endpoints(found, "Interface")
    assert made.keys() == set(INTERFACE_ENDPOINTS)
    for each in made.values():
        assert {subnet["Ref"] for subnet in each["SubnetIds"]} == subnets(found, "Private").keys()
        assert each["PrivateDnsEnabled"] is True
    group = only(found, "AWS::EC2::SecurityGroup")
    admitted = {(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupIngress"]}
    assert admitted == {(str(block), 443, 443) for block in cidrs(found, "Private")}
    assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
