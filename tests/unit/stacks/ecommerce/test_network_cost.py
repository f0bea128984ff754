"""What the networks cost, computed by hand, and that the settings table says the same as the templates."""

import json
from pathlib import Path

import pytest

from review import cost_report
from review.cost import fixed
from stacks import prices
from stacks.ecommerce.network import prices as network_prices
from stacks.ecommerce.topology import DEFAULT
from stacks.region_prices import UnknownPriceError, price_in
from tests.unit.stacks.ecommerce.networks import network

NAT = {"us-east-1": 0.045, "eu-west-1": 0.048, "ap-southeast-1": 0.059}
ENDPOINT = {"us-east-1": 0.010, "eu-west-1": 0.011, "ap-southeast-1": 0.013}


def monthly(region: str, **given: object) -> float:
    return sum(line.usd for line in fixed(network(region, **given), region))


@pytest.mark.parametrize("region", NAT)
@pytest.mark.parametrize(("profile", "gateways"), [("demo", 1), ("standard", 3), ("peak", 3)])
def test_a_network_costs_its_nat_gateways_their_addresses_and_a_key(
    profile: str, gateways: int, region: str
) -> None:
    by_hand = 730 * gateways * (NAT[region] + 0.005) + 1.00
    assert monthly(region, ecommerce_profile=profile) == pytest.approx(by_hand)


@pytest.mark.parametrize("region", ENDPOINT)
def test_interface_endpoints_add_eight_in_three_zones(region: str) -> None:
    more = monthly(region, ecommerce_endpoints="interface") - monthly(region)
    assert more == pytest.approx(730 * 8 * 3 * ENDPOINT[region])


def test_the_settings_table_says_what_the_templates_cost() -> None:
    endpoints = sum(
        monthly(region.name, ecommerce_endpoints="interface") - monthly(region.name)
        for region in DEFAULT.regions
    )
    assert network_prices.interface_endpoints(DEFAULT.regions) == pytest.approx(endpoints)


def test_the_report_of_an_assembly_prices_each_network_in_its_region(tmp_path: Path) -> None:
    """`python -m review.cost_report cdk.out`, a stage's stacks among them."""
    for name in ("EcommerceNetwork-us-east-1", "EcommerceNetwork-ap-southeast-1-dev"):
        found = network("ap-southeast-1")
        (tmp_path / f"{name}.template.json").write_text(json.dumps(found))
    _, here, there = cost_report.of_assembly(tmp_path).split("\n## ")
    assert here.startswith("EcommerceNetwork-ap-southeast-1-dev\n")
    assert "**47.72**" in here
    assert there.startswith("EcommerceNetwork-us-east-1\n")
    assert "**37.50**" in there
    assert "visits |" not in here + there


def test_a_price_that_nobody_looked_up_is_not_made_up() -> None:
    assert price_in("us-east-1", prices.S3_TRANSFER_OUT) is prices.S3_TRANSFER_OUT
    with pytest.raises(
        UnknownPriceError, match=r"not known for eu-west-1: add it in stacks/region_prices\.py"
    ):
        price_in("eu-west-1", prices.S3_TRANSFER_OUT)
    with pytest.raises(UnknownPriceError, match="not known for eu-north-1"):
        price_in("eu-north-1", prices.NAT_GATEWAY)
