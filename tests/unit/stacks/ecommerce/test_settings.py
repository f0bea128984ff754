"""The platform's settings: off by default, a subset that always has the primary, no phase that is not there."""

from ipaddress import IPv4Network

import pytest

from stacks import settings
from stacks.ecommerce.compute import prices as compute_prices
from stacks.ecommerce.compute.sizes import SIZES
from stacks.ecommerce.network import prices as network_prices
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.setting_fields import effect_of
from stacks.settings import Settings, SettingsError
from tests.unit.stacks.ecommerce.platform import NEEDED


def refused(**context: object) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(context)
    return str(caught.value).splitlines()


def test_it_is_off_unless_asked_for() -> None:
    assert settings.load({}).ecommerce is False
    assert settings.load({}).ecommerce_left_alone() == ""


def test_without_it_its_other_settings_do_nothing_and_that_is_said() -> None:
    """They may stay in cdk.json for whoever deploys the site alone."""
    given = settings.load({"ecommerce_profile": "peak", "ecommerce_regions": "us-east-1"})
    assert given.ecommerce_left_alone() == (
        "ecommerce_profile, ecommerce_regions: the e-commerce stacks are left alone, as ecommerce=true is not given"
    )
    assert settings.load({**NEEDED, "ecommerce_profile": "peak"}).ecommerce_left_alone() == ""


@pytest.mark.parametrize("given", ["us-east-1,eu-west-1", "eu-west-1, us-east-1", ["us-east-1", "eu-west-1"]])
def test_regions_are_a_list_or_text_with_commas_in_any_order(given: object) -> None:
    chosen = settings.load({"ecommerce_regions": given}).ecommerce_topology
    assert [region.name for region in chosen.regions] == ["us-east-1", "eu-west-1"]


def test_no_regions_are_all_of_them() -> None:
    assert settings.load({}).ecommerce_topology == DEFAULT


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"ecommerce_regions": "eu-west-1"},
            "setting ecommerce_regions: the primary, us-east-1, is missing: it takes the writes; add it",
        ),
        (
            {"ecommerce_regions": "us-east-1,eu-west-2"},
            "setting ecommerce_regions: 'eu-west-2' is no region of the topology; did you mean \"eu-west-1\"?",
        ),
        (
            {"ecommerce_regions": "us-east-1,"},
            "setting ecommerce_regions: '' is no region of the topology; legal: us-east-1, eu-west-1, "
            "ap-southeast-1",
        ),
        (
            {"ecommerce_regions": "us-east-1,us-east-1"},
            "setting ecommerce_regions: us-east-1 is given 2 times",
        ),
        (
            {"ecommerce": True},
            "setting ecommerce_domain: missing, and ecommerce=true needs it for certificates and routing; give the "
            "shop's domain, as ecommerce_domain=shop.example.org",
        ),
    ],
)
def test_one_line_says_what_cannot_be_obeyed(given: dict[str, object], line: str) -> None:
    assert refused(**given) == [line]


def test_a_region_without_prices_is_told_and_stops_nothing() -> None:
    region = Region(name="eu-north-1", role="secondary", cidr=IPv4Network("10.64.0.0/16"))
    assert "not known for eu-north-1" in network_prices.told([region])
    assert "not known for eu-north-1" in compute_prices.told([region], SIZES["demo"])


def test_every_region_of_the_topology_has_prices() -> None:
    for name in ("ecommerce", "ecommerce_regions", "ecommerce_endpoints", "ecommerce_kubernetes_version"):
        assert "unknown" not in effect_of(Settings.model_fields[name]).cost


def test_every_cost_of_more_than_500_a_month_is_off_by_default() -> None:
    assert settings.load({}).ecommerce_endpoints == "gateway"
    assert 3 * 8 * 3 * 730 * 0.01 > 500
    assert (
        f"{network_prices.interface_endpoints(DEFAULT.regions):.2f}"
        in effect_of(Settings.model_fields["ecommerce_endpoints"]).cost
    )
