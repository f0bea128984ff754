"""The model of the regions: what it refuses, in one line each, and that it needs no CDK."""

import itertools
import subprocess
import sys
from ipaddress import IPv4Network

import pytest
from pydantic import ValidationError

from stacks.ecommerce.profiles import PROFILES
from stacks.ecommerce.topology import DEFAULT, Region, Topology, TopologyError, topology
from stacks.ecommerce.zones import ZONES

PRIMARY: dict[str, object] = {"name": "us-east-1", "role": "primary", "cidr": "10.16.0.0/16"}
SECONDARY: dict[str, object] = {"name": "eu-west-1", "role": "secondary", "cidr": "10.32.0.0/16"}


def test_the_default_is_the_documents() -> None:
    assert [(region.name, region.role) for region in DEFAULT.regions] == [
        ("us-east-1", "primary"),
        ("eu-west-1", "secondary"),
        ("ap-southeast-1", "tertiary"),
    ]
    assert DEFAULT.primary.name == "us-east-1"


def test_any_number_of_regions_up_to_six_and_the_primary_alone() -> None:
    names = list(ZONES)[:6]
    for number in range(1, 7):
        made = topology(
            {"name": name, "role": "tertiary" if at else "primary", "cidr": f"10.{at}.0.0/16"}
            for at, name in enumerate(names[:number])
        )
        assert len(made.regions) == number


@pytest.mark.parametrize(
    ("regions", "line"),
    [
        (
            [PRIMARY | {"name": "us-east-9"}],
            'region us-east-9: unknown, or without three zones for EKS; did you mean "us-east-2"?',
        ),
        (
            [PRIMARY | {"name": "us-west-1"}],
            'region us-west-1: unknown, or without three zones for EKS; did you mean "us-west-2"?',
        ),
        (
            [PRIMARY | {"name": "moon"}],
            f"region moon: unknown, or without three zones for EKS; legal: {', '.join(ZONES)}",
        ),
        (
            [PRIMARY, SECONDARY | {"role": "primary"}],
            "2 regions are primary: us-east-1, eu-west-1; only one can take writes",
        ),
        ([SECONDARY], "no region is primary; give one of them that role: it takes the writes"),
        ([], "no region is primary; give one of them that role: it takes the writes"),
        (
            [PRIMARY, SECONDARY | {"cidr": "10.16.128.0/20"}],
            "regions us-east-1 and eu-west-1: cidr 10.16.0.0/16 overlaps 10.16.128.0/20; give each region "
            "addresses of its own",
        ),
        (
            [PRIMARY | {"cidr": "10.16.0.0/22"}],
            "region us-east-1: cidr 10.16.0.0/22 is too small for 3 zones of public, private and isolated "
            "subnets; legal: /16 to /21",
        ),
        (
            [PRIMARY | {"cidr": "10.0.0.0/15"}],
            "region us-east-1: cidr 10.0.0.0/15 is larger than a VPC may be; legal: /16 to /21",
        ),
        (
            [PRIMARY | {"cidr": "8.8.0.0/16"}],
            "region us-east-1: cidr 8.8.0.0/16 is no private network; give one of 10.0.0.0/8, 172.16.0.0/12, "
            "192.168.0.0/16",
        ),
        (
            [PRIMARY | {"cidr": "10.16.0.1/16"}],
            "cidr 10.16.0.1/16: 10.16.0.1/16 has host bits set; give a network, as 10.16.0.0/16",
        ),
        ([PRIMARY, SECONDARY, SECONDARY], "region eu-west-1: given 2 times; leave all but one out"),
        (
            [PRIMARY | {"capacity_percent": 0}],
            "regions.0.capacity_percent: Input should be greater than or equal to 1; 0 is given",
        ),
    ],
)
def test_one_line_says_what_is_wrong(regions: list[dict[str, object]], line: str) -> None:
    with pytest.raises(TopologyError) as caught:
        topology(regions)
    assert str(caught.value).splitlines() == [line]


def test_every_mistake_has_its_line() -> None:
    with pytest.raises(TopologyError) as caught:
        topology([SECONDARY, SECONDARY, SECONDARY | {"name": "eu-west-2"}])
    duplicate, without_primary, *overlaps = str(caught.value).splitlines()
    assert (duplicate.split(":")[0], without_primary.split(";")[0]) == (
        "region eu-west-1",
        "no region is primary",
    )
    assert len(overlaps) == 2, "both of the duplicates overlap the third"


def test_nothing_of_it_can_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(DEFAULT.regions[0], "role", "tertiary")  # noqa: B010  # mypy would refuse the plain assignment
    with pytest.raises(ValidationError, match="frozen"):
        setattr(DEFAULT, "regions", ())  # noqa: B010


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_subset_with_the_primary_is_a_topology(number: int) -> None:
    for names in itertools.combinations([region.name for region in DEFAULT.regions], number):
        if DEFAULT.primary.name in names:
            assert [region.name for region in DEFAULT.only(names).regions] == list(names)
        else:
            with pytest.raises(TopologyError, match="no region is primary"):
                DEFAULT.only(names)


def test_a_subset_names_what_is_there() -> None:
    with pytest.raises(
        TopologyError, match="no such region here: eu-west-2; legal: us-east-1, eu-west-1, ap-"
    ):
        DEFAULT.only(["us-east-1", "eu-west-2"])


def test_the_smallest_vpc_leaves_a_load_balancer_its_27() -> None:
    region = Region(name="us-east-1", role="primary", cidr=IPv4Network("10.16.0.0/21"))
    assert Topology(regions=(region,)).primary == region


def test_peak_is_ten_times_standard_and_other_regions_run_their_share() -> None:
    assert PROFILES["peak"].requests_per_second == 10 * PROFILES["standard"].requests_per_second
    sized = [DEFAULT.requests_per_second(region.name, PROFILES["standard"]) for region in DEFAULT.regions]
    assert sized == [500, 250, 125]
    assert DEFAULT.requests_per_second("ap-southeast-1", PROFILES["demo"]) == 13, "rounded up"


def test_no_zone_is_used_that_has_no_eks() -> None:
    used = [zone for zones in ZONES.values() for zone in zones]
    assert len(used) == len(set(used)) == 3 * len(ZONES)
    assert not {"use1-az3", "usw1-az2", "cac1-az3"} & set(used)


def test_it_is_read_without_the_cdk() -> None:
    code = "import sys, stacks.ecommerce.topology; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
