"""The entrance of each region: who gets in, by which name, and where each path leads."""

import json
import re

import pytest

from stacks.ecommerce import services
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.ecommerce.traffic import prefix_lists, timing
from stacks.ecommerce.traffic.prefix_lists import UnknownPrefixListError
from stacks.ecommerce.zones import ZONES
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
DOMAIN = "shop.example.org"


def balancer(region: str, **given: object) -> Template:
    return platform(**given)[f"EcommerceLoadBalancer-{region}"]


class Listener:
    """Answers what the load balancer would: the service that gets a request, and by which path; none: 404."""

    def __init__(self, found: Template) -> None:
        self._rules = sorted(
            resources(found, "AWS::ElasticLoadBalancingV2::ListenerRule"), key=lambda rule: rule["Priority"]
        )

    def asked(self, path: str, by: str) -> tuple[str, str] | None:
        """`by`: distribution, api, or a stranger, whose header field is none of ours."""
        for rule in self._rules:
            if all(_holds(condition, path, by) for condition in rule["Conditions"]):
                action = rule["Actions"][0]
                if action["Type"] == "fixed-response":
                    assert action["FixedResponseConfig"]["StatusCode"] == "404"
                    return None
                for transform in rule.get("Transforms", []):
                    (rewrite,) = transform["UrlRewriteConfig"]["Rewrites"]
                    path = re.sub(rewrite["Regex"], rewrite["Replace"].replace("$1", r"\1"), path)
                to = re.match(r"Routing(\w+)Pods", action["TargetGroupArn"]["Ref"])
                assert to is not None
                return to[1].lower(), path
        return None


def _holds(condition: Template, path: str, by: str) -> bool:
    if condition["Field"] == "http-header":
        return any(f"entrance-{by}:" in value for value in condition["HttpHeaderConfig"]["Values"])
    config = condition["PathPatternConfig"]
    assert len(config.get("Values", [])) <= 5, "no rule takes more"
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path) for pattern in config.get("Values", [])
    ) or any(re.fullmatch(pattern, path) for pattern in config.get("RegexValues", []))


@every_region
@pytest.mark.parametrize(
    ("path", "service", "own"),
    [
        ("/api/catalog/products/1", "catalog", "/catalog/products/1"),
        ("/api/cart/ada/items", "cart", "/carts/ada/items"),
        ("/api/checkout/ada/submit", "checkout", "/checkout/ada/submit"),
        ("/api/payments/ada", "checkout", "/checkout/ada"),
        ("/api/orders", "orders", "/orders"),
        ("/api/health", "ui", "/actuator/health/readiness"),
        ("/checkout/payment", "ui", "/checkout/payment"),
        ("/", "ui", "/"),
    ],
)
def test_each_path_leads_to_its_service_by_the_services_own_path(
    path: str, service: str, own: str, region: Region
) -> None:
    assert Listener(balancer(region.name)).asked(path, by="api") == (service, own)


@every_region
def test_the_internet_reaches_pages_and_catalog_and_nobody_elses_orders(region: Region) -> None:
    """The sample's services answer whoever asks: /orders with the orders of all."""
    listener = Listener(balancer(region.name))
    assert listener.asked("/api/catalog/tags", by="distribution") == ("catalog", "/catalog/tags")
    assert listener.asked("/cart", by="distribution") == ("ui", "/cart")
    for path in (
        "/api/orders",
        "/api/cart/ada",
        "/api/checkout/ada",
        "/api/payments",
        "/api/else",
        "/api/health",
    ):
        assert listener.asked(path, by="distribution") is None, path


@every_region
@pytest.mark.parametrize("by", ["api", "distribution"])
@pytest.mark.parametrize(
    "path",
    [
        "/actuator/health",
        "/actuator/heapdump",
        "/chaos/status/500",
        "/proxy/orders/all",
        "/topology",
        "/info",
        "/utility/panic",
        "/%75tility/panic",
        "/api/catalog/../chaos/health",
        "/api/catalog/%2e%2e/chaos/health",
        "/api/orders/chaos/latency/1",
    ],
)
def test_what_operators_and_drills_use_is_closed(path: str, by: str, region: Region) -> None:
    assert Listener(balancer(region.name)).asked(path, by) is None


@every_region
@pytest.mark.parametrize("path", ["/", "/api/catalog/tags", "/api/orders", "/api/health"])
def test_another_distribution_before_our_load_balancer_gets_nothing(path: str, region: Region) -> None:
    assert Listener(balancer(region.name)).asked(path, by="a stranger") is None


@every_region
def test_cloudfront_and_the_api_get_in_at_443_and_it_reaches_pods_alone(region: Region) -> None:
    found = balancer(region.name)
    group = only(found, "AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group
    assert [each["CidrIp"] for each in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
    opened = resources(found, "AWS::EC2::SecurityGroupIngress")
    (internet,) = (each for each in opened if "SourcePrefixListId" in each)
    assert internet["SourcePrefixListId"] == prefix_lists.CLOUDFRONT[region.name]
    assert (internet["IpProtocol"], internet["FromPort"], internet["ToPort"]) == ("tcp", 443, 443)
    (inwards,) = (each for each in opened if "SourcePrefixListId" not in each)
    for each in (inwards, only(found, "AWS::EC2::SecurityGroupEgress")):
        assert (each["IpProtocol"], each["FromPort"], each["ToPort"]) == ("tcp", services.PORT, services.PORT)
    others = resources(platform()[f"EcommerceApi-{region.name}"], "AWS::EC2::SecurityGroupIngress")
    assert [(each["FromPort"], each["ToPort"]) for each in others] == [(443, 443)]
    listeners = resources(found, "AWS::ElasticLoadBalancingV2::Listener")
    assert [(each["Port"], each["Protocol"]) for each in listeners] == [(443, "HTTPS")]
    assert listeners[0]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2-Res")
    assert listeners[0]["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"] == "404"


@every_region
@pytest.mark.parametrize("removal", ["retain", "destroy"])
def test_it_is_strict_protected_and_logged(removal: str, region: Region) -> None:
    found = balancer(region.name, **({} if removal == "retain" else {"removal_policy": removal}))
    attributes = {
        each["Key"]: each["Value"]
        for each in only(found, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    }
    assert attributes["deletion_protection.enabled"] == str(removal == "retain").lower()
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["routing.http.desync_mitigation_mode"] == "strictest"
    assert attributes["access_logs.s3.enabled"] == attributes["connection_logs.s3.enabled"] == "true"
    (bucket,) = (each for each in found["Resources"].values() if each["Type"] == "AWS::S3::Bucket")
    assert bucket["DeletionPolicy"] == {"retain": "Retain", "destroy": "Delete"}[removal]


def test_the_header_fields_value_is_encrypted_where_it_is_read() -> None:
    secrets = resources(balancer("us-east-1"), "AWS::SecretsManager::Secret")
    assert [each["Name"] for each in secrets] == ["ecommerce/entrance-distribution", "ecommerce/entrance-api"]
    for each in secrets:
        assert each["ReplicaRegions"] == [
            {"KmsKeyId": "alias/ecommerce/data", "Region": name} for name in ("ap-southeast-1", "eu-west-1")
        ]
    for region in DEFAULT.regions:
        assert "resolve:secretsmanager:ecommerce/entrance-api:" in json.dumps(balancer(region.name))


@every_region
def test_the_certificate_has_every_name_that_cloudfront_asks_by(region: Region) -> None:
    certificate = only(balancer(region.name), "AWS::CertificateManager::Certificate")
    names = {certificate["DomainName"], *certificate["SubjectAlternativeNames"]}
    assert names == {
        DOMAIN,
        f"www.{DOMAIN}",
        f"reads.origin.{DOMAIN}",
        f"writes.origin.{DOMAIN}",
        f"{region.name}.origin.{DOMAIN}",
    }


@every_region
def test_pods_are_asked_for_their_health_and_leave_in_time(region: Region) -> None:
    groups = resources(balancer(region.name), "AWS::ElasticLoadBalancingV2::TargetGroup")
    assert sorted(each["HealthCheckPath"] for each in groups) == sorted(
        service.health for service in services.SERVICES
    )
    for each in groups:
        assert (each["TargetType"], each["Port"]) == ("ip", services.PORT)
        attributes = {item["Key"]: item["Value"] for item in each["TargetGroupAttributes"]}
        assert attributes["deregistration_delay.timeout_seconds"] == str(timing.DEREGISTRATION_DELAY)
        assert attributes["stickiness.enabled"] == "false"
    assert timing.ORIGIN_KEEPALIVE < timing.IDLE_TIMEOUT, "who asks closes first"


def test_a_region_without_its_prefix_list_is_refused_in_one_line() -> None:
    assert prefix_lists.CLOUDFRONT.keys() <= ZONES.keys()
    with pytest.raises(UnknownPrefixListError, match=r"^region ap-northeast-1: .*add it in"):
        prefix_lists.cloudfront("ap-northeast-1")
