"""Phase 1 of the e-commerce platform in three regions of the emulator, by the real CLI, and its end.

Synthesized once, in this process; the CLI deploys and destroys the assembly. There is no network behind it: what is
looked at is what EC2's API then says of each region, that the function that closes the default group ran there, and
that nothing is left.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.emulator import client_environment
from stacks.ecommerce.topology import DEFAULT, Region
from tests.deploy import inventory
from tests.deploy.emulator_process import EmulatorProcess
from tests.unit.stacks.ecommerce.platform import compose

pytestmark = pytest.mark.thorough

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
ACCOUNT = "000000000000"


def client(emulator: EmulatorProcess, service: str, region: str) -> Any:
    """A boto3 client of the emulator in a region."""
    environment = client_environment(emulator.endpoint)
    return boto3.client(  # type: ignore[call-overload]  # the service is a variable here
        service,
        endpoint_url=emulator.endpoint,
        region_name=region,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


def left(emulator: EmulatorProcess) -> dict[str, dict[str, list[str]]]:
    """What exists in each region."""
    return {
        region.name: inventory.without_bootstrap(emulator.endpoint, region.name) for region in DEFAULT.regions
    }


@pytest.fixture(scope="module")
def deployed(
    bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmulatorProcess]:
    """The emulator with the three networks; afterwards they are destroyed, and all is as before."""
    folder = tmp_path_factory.mktemp("networks")
    assembly = folder / "assembly"
    compose(
        assembly, {"ecommerce_phase": 1, "ecommerce_profile": "standard", "removal_policy": "destroy"}
    ).synth()
    others = [f"aws://{ACCOUNT}/{region.name}" for region in DEFAULT.regions if region.role != "primary"]
    bootstrapped.cdk("bootstrap", *others, app=folder)
    before = left(bootstrapped)
    command = ("--app", str(assembly), "--all", "--concurrency", "3")
    bootstrapped.cdk("deploy", *command, "--require-approval", "never", app=folder)
    yield bootstrapped
    bootstrapped.cdk("destroy", *command, "--force", app=folder)
    assert left(bootstrapped) == before


def network(emulator: EmulatorProcess, region: Region) -> tuple[Any, str]:
    """EC2's client of the region, and the id of the platform's VPC there."""
    stack = client(emulator, "cloudformation", region.name).describe_stacks(
        StackName=f"EcommerceNetwork-{region.name}"
    )["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    (vpc,) = (each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "VpcId")
    return client(emulator, "ec2", region.name), vpc


@every_region
def test_the_region_has_its_addresses_in_its_zones(deployed: EmulatorProcess, region: Region) -> None:
    ec2, vpc = network(deployed, region)
    found = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert [each["CidrBlock"] for each in found] == [str(region.cidr)]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert len(subnets) == 3 * len(region.zones)
    zones = [each["AvailabilityZoneId"] for each in subnets]
    known = {each["ZoneId"] for each in ec2.describe_availability_zones()["AvailabilityZones"]}
    # The emulator has three zones in each region, us-east-1's fourth not among them: it takes the first for it.
    expected = [zone if zone in known else min(known) for zone in region.zones]
    assert sorted(zones) == sorted(3 * expected)


@every_region
def test_each_zone_has_a_nat_gateway_of_its_own(deployed: EmulatorProcess, region: Region) -> None:
    ec2, vpc = network(deployed, region)
    gateways = ec2.describe_nat_gateways(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NatGateways"]
    assert len({each["SubnetId"] for each in gateways}) == len(region.zones)


@every_region
def test_the_default_group_was_closed_by_its_function(deployed: EmulatorProcess, region: Region) -> None:
    ec2, vpc = network(deployed, region)
    (group,) = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


@every_region
def test_its_flow_logs_go_to_a_group_with_a_key(deployed: EmulatorProcess, region: Region) -> None:
    ec2, vpc = network(deployed, region)
    (flow_log,) = ec2.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])["FlowLogs"]
    groups = client(deployed, "logs", region.name).describe_log_groups()["logGroups"]
    (group,) = (each for each in groups if each["logGroupName"] == flow_log["LogDestination"])
    assert f":{region.name}:" in group["kmsKeyId"]


def test_a_second_deploy_of_one_region_leaves_the_others_alone(
    deployed: EmulatorProcess, tmp_path: Path
) -> None:
    def updated() -> dict[str, Any]:
        return {
            region.name: client(deployed, "cloudformation", region.name)
            .describe_stacks(StackName=f"EcommerceNetwork-{region.name}")["Stacks"][0]
            .get("LastUpdatedTime")
            for region in DEFAULT.regions
        }

    before = updated()
    compose(
        tmp_path / "assembly",
        {
            "ecommerce_phase": 1,
            "ecommerce_profile": "standard",
            "removal_policy": "destroy",
            "log_retention_days": 7,
        },
    ).synth()
    deployed.cdk(
        "deploy",
        *("--app", str(tmp_path / "assembly"), "EcommerceNetwork-eu-west-1", "--require-approval", "never"),
        app=tmp_path,
    )
    assert {name for name, when in updated().items() if when != before[name]} == {"eu-west-1"}
