"""The distribution: which request goes where, what is kept, and what the settings change."""

import fnmatch
import json

import pytest

from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

DOMAIN = "shop.example.org"
DISABLED, OPTIMIZED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_METHODS = 7


def edge(**given: object) -> Template:
    return platform(**given)["EcommerceEdge-us-east-1"]


def config(**given: object) -> Template:
    found: Template = only(edge(**given), "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def behaviour(path: str) -> Template:
    """The first whose pattern has `path`, as CloudFront chooses."""
    for each in config()["CacheBehaviors"]:
        if fnmatch.fnmatchcase(path, each["PathPattern"]):
            found: Template = each
            return found
    default: Template = config()["DefaultCacheBehavior"]
    return default


def asked(target: str) -> list[str]:
    """The origins behind a target: itself, or the members of a group in their order; buckets as bucket:<region>."""
    for group in config().get("OriginGroups", {}).get("Items", []):
        if group["Id"] == target:
            return [host for member in group["Members"]["Items"] for host in asked(member["OriginId"])]
    (origin,) = (each for each in config()["Origins"] if each["Id"] == target)
    name = origin["DomainName"]
    return [name] if isinstance(name, str) else [json.dumps(name)]


@pytest.mark.parametrize(
    ("path", "first", "methods", "cached"),
    [
        ("/", f"reads.origin.{DOMAIN}", ALL_METHODS, False),
        ("/cart", f"reads.origin.{DOMAIN}", ALL_METHODS, False),
        ("/catalog/search", f"reads.origin.{DOMAIN}", 3, False),
        ("/api/catalog/products", f"reads.origin.{DOMAIN}", 3, True),
        ("/checkout", f"writes.origin.{DOMAIN}", ALL_METHODS, False),
        ("/checkout/payment", f"writes.origin.{DOMAIN}", ALL_METHODS, False),
    ],
)
def test_reads_go_to_the_nearest_region_and_the_checkout_to_the_one_that_writes(
    path: str, first: str, methods: int, cached: bool
) -> None:
    found = behaviour(path)
    assert asked(found["TargetOriginId"])[0] == first
    assert len(found["AllowedMethods"]) == methods
    assert (found["CachePolicyId"] != DISABLED) == cached
    assert found["ViewerProtocolPolicy"] == "redirect-to-https"
    assert "ResponseHeadersPolicyId" in found


def test_a_catalog_that_does_not_answer_is_asked_of_the_secondary_at_once() -> None:
    for path in ("/catalog/1", "/api/catalog/products"):
        assert asked(behaviour(path)["TargetOriginId"])[1] == f"eu-west-1.origin.{DOMAIN}"
    for group in config()["OriginGroups"]["Items"]:
        assert {500, 502, 503, 504} <= set(group["FailoverCriteria"]["StatusCodes"]["Items"])
    assert config(ecommerce_regions="us-east-1")["OriginGroups"]["Quantity"] == 1, "assets, else ui"


def test_an_origin_group_only_has_methods_that_cloudfront_asks_twice() -> None:
    groups = {group["Id"] for group in config()["OriginGroups"]["Items"]}
    for each in [config()["DefaultCacheBehavior"], *config()["CacheBehaviors"]]:
        if each["TargetOriginId"] in groups:
            assert set(each.get("AllowedMethods", ["GET", "HEAD"])) <= {"GET", "HEAD", "OPTIONS"}


def test_static_files_come_from_buckets_that_only_signed_requests_reach() -> None:
    assets, media = (asked(behaviour(path)["TargetOriginId"]) for path in ("/assets/a.css", "/media/b.jpg"))
    assert "ecommerce-assets-" in assets[0] and assets[1] == f"reads.origin.{DOMAIN}"
    assert "us-east-1" in media[0] and "eu-west-1" in media[1]
    assert behaviour("/media/b.jpg")["CachePolicyId"] == OPTIMIZED
    control = only(edge(), "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]
    assert control["SigningBehavior"] == "always"
    for origin in config()["Origins"]:
        assert ("S3OriginConfig" in origin) == ("OriginAccessControlId" in origin)


def test_regions_are_asked_over_tls_with_the_field_that_lets_us_in() -> None:
    balancers = [each for each in config()["Origins"] if "CustomOriginConfig" in each]
    assert len(balancers) >= 3
    for each in balancers:
        assert each["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
        assert each["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
        (header,) = each["OriginCustomHeaders"]
        assert "resolve:secretsmanager:ecommerce/entrance-distribution:" in header["HeaderValue"]


def test_it_is_modern_and_logged_and_answers_by_its_names() -> None:
    found = config()
    assert found["Aliases"] == [DOMAIN, f"www.{DOMAIN}"]
    assert (found["HttpVersion"], found["IPV6Enabled"]) == ("http2and3", True)
    assert found["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2025"
    records = {(each["Name"], each["Type"]) for each in resources(edge(), "AWS::Route53::RecordSet")}
    assert records == {(f"{name}.", kind) for name in found["Aliases"] for kind in ("A", "AAAA", "HTTPS")}
    assert only(edge(), "AWS::Logs::DeliverySource")["LogType"] == "ACCESS_LOGS"


def test_what_the_settings_change() -> None:
    plain = config()
    assert "GeoRestriction" not in json.dumps(plain)
    assert resources(edge(), "AWS::CloudFront::MonitoringSubscription") == []
    given = {
        "ecommerce_blocked_countries": "KP,SY",
        "ecommerce_edge_metrics": True,
        "ecommerce_origin_shield": True,
    }
    found = config(**given)
    assert found["Restrictions"]["GeoRestriction"] == {
        "Locations": ["KP", "SY"],
        "RestrictionType": "blacklist",
    }
    assert len(resources(edge(**given), "AWS::CloudFront::MonitoringSubscription")) == 1
    shielded = [each for each in found["Origins"] if each.get("OriginShield", {}).get("Enabled")]
    assert shielded and all("S3OriginConfig" in each for each in shielded)
