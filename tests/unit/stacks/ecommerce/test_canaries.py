"""The canary's journey, walked here through a shop on this machine, and what it runs as."""

import json

import pytest

from stacks.ecommerce.operations.canary.python import journey
from stacks.ecommerce.operations.prices import canary as monthly
from stacks.ecommerce.operations.sizes import SIZES
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.shop_server import PRODUCT, shop
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)


def canaries(region: str, **given: object) -> Template:
    return platform(**given)[stack_name("Canaries", region, None)]


def test_it_walks_to_the_cart_orders_nothing_and_leaves_nothing_behind() -> None:
    with shop() as (url, asked):
        assert journey.journey(url) == PRODUCT
    assert asked == [
        "GET /",
        "GET /catalog",
        f"GET /catalog/{PRODUCT}",
        "POST /cart",
        "GET /cart",
        "GET /cart",
        "POST /cart/remove",
        "GET /cart",
    ]


@pytest.mark.parametrize("path", ["/", "/catalog", f"/catalog/{PRODUCT}", "/cart", "/cart/remove"])
def test_any_page_that_fails_fails_it_and_is_named(path: str) -> None:
    with shop(broken=path) as (url, _), pytest.raises(journey.JourneyError, match=f": {path}.*500"):
        journey.journey(url)


def test_a_cart_that_forgets_is_found_out() -> None:
    with shop(forgets=True) as (url, _), pytest.raises(journey.JourneyError, match="look at the cart"):
        journey.journey(url)


def test_a_page_that_takes_too_long_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "SECONDS", 1e-6)
    with shop() as (url, _), pytest.raises(journey.JourneyError, match="open the shop"):
        journey.journey(url)


def test_nobody_there_is_a_failure_and_plain_http_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP", "http://127.0.0.1:9")
    with pytest.raises(journey.JourneyError, match="open the shop"):
        journey.handler({}, None)
    with pytest.raises(journey.JourneyError, match="https"):
        journey.journey("http://shop.example.org")


@every_region
def test_it_walks_through_the_shop_that_customers_use(region: Region) -> None:
    canary = only(canaries(region.name), "AWS::Synthetics::Canary")
    assert canary["RunConfig"]["EnvironmentVariables"] == {"SHOP": "https://shop.example.org"}
    assert canary["RunConfig"]["TimeoutInSeconds"] >= 7 * journey.SECONDS
    assert canary["StartCanaryAfterCreation"] is True
    assert canary["ProvisionedResourceCleanup"] == "AUTOMATIC"


@pytest.mark.parametrize(("profile", "usd"), [("demo", 0.88), ("standard", 10.51), ("peak", 52.56)])
def test_it_costs_what_its_size_allows(profile: str, usd: float) -> None:
    canary = only(canaries("us-east-1", ecommerce_profile=profile), "AWS::Synthetics::Canary")
    minutes = SIZES[profile].canary_minutes  # type: ignore[index]
    assert canary["Schedule"]["Expression"] == f"rate({minutes} minute{'s' if minutes > 1 else ''})"
    assert monthly(minutes) == pytest.approx(usd, abs=0.01)


@every_region
def test_its_log_ends_and_is_encrypted_though_lambda_would_make_it(region: Region) -> None:
    found = canaries(region.name)
    group = only(found, "AWS::Logs::LogGroup")
    assert group["RetentionInDays"]
    assert group["KmsKeyId"]
    assert "/aws/lambda/cwsyn-" in json.dumps(group["LogGroupName"])
    assert "logs:CreateLogGroup" not in json.dumps(resources(found, "AWS::IAM::ManagedPolicy"))


@every_region
def test_a_canary_that_does_not_run_is_an_alarm_too(region: Region) -> None:
    alarm = only(canaries(region.name), "AWS::CloudWatch::Alarm")
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
