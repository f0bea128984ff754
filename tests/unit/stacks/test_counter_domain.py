"""The counter with a name of its own: HTTPS there, HTTP redirects, and the site goes there over TLS."""

import json
from typing import Any

import pytest

from tests.unit.stacks.synthesis import Template, assembly, only, resources, template
from tests.unit.stacks.test_rules import CERTIFICATE

STACK = "VisitorCounter"
IN_ZONE: dict[str, object] = {"counter_domain": "count.example.org", "hosted_zone_id": "Z0123456789ABC"}
ELSEWHERE: dict[str, object] = {
    "counter_domain": "count.example.org",
    "counter_certificate_arn": CERTIFICATE,
}
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"


def listeners(found: Template) -> dict[int, dict[str, Any]]:
    return {each["Port"]: each for each in resources(found, LISTENER)}


def api_origin(**given: object) -> dict[str, Any]:
    """The origin of /api/* in the site's distribution."""
    config = only(template("StaticSite", visitor_count=True, **given), "AWS::CloudFront::Distribution")[
        "DistributionConfig"
    ]
    (api,) = config["CacheBehaviors"]
    (origin,) = [each for each in config["Origins"] if each["Id"] == api["TargetOriginId"]]
    found: dict[str, Any] = origin
    return found


def test_without_a_name_there_is_http_alone() -> None:
    found = template(STACK)
    assert {port: each["Protocol"] for port, each in listeners(found).items()} == {80: "HTTP"}
    assert resources(found, "AWS::CertificateManager::Certificate") == []
    assert "http://" in json.dumps(found["Outputs"]["CounterUrl"])


def test_https_speaks_tls_1_2_or_newer_with_the_names_certificate() -> None:
    found = template(STACK, **IN_ZONE)
    https = listeners(found)[443]
    assert https["Protocol"] == "HTTPS"
    assert https["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    (action,) = https["DefaultActions"]
    assert action["Type"] == "forward"
    certificate = only(found, "AWS::CertificateManager::Certificate")
    assert (certificate["DomainName"], certificate["ValidationMethod"]) == ("count.example.org", "DNS")
    (used,) = https["Certificates"]
    assert found["Resources"][used["CertificateArn"]["Ref"]]["Properties"] == certificate
    assert found["Outputs"]["CounterUrl"]["Value"] == "https://count.example.org/"


def test_http_redirects_for_good_and_forwards_nothing() -> None:
    (action,) = listeners(template(STACK, **IN_ZONE))[80]["DefaultActions"]
    assert action["Type"] == "redirect"
    assert action["RedirectConfig"] == {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}


@pytest.mark.parametrize(("given", "ports"), [({}, {80}), (IN_ZONE, {80, 443})])
def test_only_the_ports_that_listen_are_open(given: dict[str, object], ports: set[int]) -> None:
    found = template(STACK, **given)
    (entrance,) = [
        each
        for each in resources(found, "AWS::EC2::SecurityGroup")
        if each["GroupDescription"] == "Visitors to the load balancer"
    ]
    assert {rule["FromPort"] for rule in entrance["SecurityGroupIngress"]} == ports == set(listeners(found))


def test_the_name_is_an_alias_of_the_load_balancer() -> None:
    found = template(STACK, **IN_ZONE)
    records = resources(found, "AWS::Route53::RecordSet")
    assert {(each["Name"], each["Type"], each["HostedZoneId"]) for each in records} == {
        ("count.example.org.", kind, "Z0123456789ABC") for kind in ("A", "AAAA")
    }
    (balancer,) = (
        name
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::ElasticLoadBalancingV2::LoadBalancer"
    )
    assert all(f'"{balancer}", "DNSName"' in json.dumps(each["AliasTarget"]) for each in records)
    assert "DnsRecords" not in found["Outputs"]


def test_with_dns_elsewhere_the_record_is_told() -> None:
    found = template(STACK, **ELSEWHERE)
    assert listeners(found)[443]["Certificates"] == [{"CertificateArn": CERTIFICATE}]
    assert resources(found, "AWS::Route53::RecordSet") == []
    assert resources(found, "AWS::CertificateManager::Certificate") == []
    assert "count.example.org CNAME" in json.dumps(found["Outputs"]["DnsRecords"])


@pytest.mark.parametrize(("given", "forwards"), [({}, 80), (IN_ZONE, 443)])
def test_the_load_balancer_keeps_the_metrics_for_itself(given: dict[str, object], forwards: int) -> None:
    found = template(STACK, **given)
    rule = only(found, "AWS::ElasticLoadBalancingV2::ListenerRule")
    assert found["Resources"][rule["ListenerArn"]["Ref"]]["Properties"]["Port"] == forwards
    (condition,) = rule["Conditions"]
    assert condition["PathPatternConfig"]["Values"] == ["/metrics", "/metrics/*"]
    (action,) = rule["Actions"]
    assert (action["Type"], action["FixedResponseConfig"]["StatusCode"]) == ("fixed-response", "404")


def test_the_site_reaches_the_counter_over_tls_by_its_name() -> None:
    origin = api_origin(**IN_ZONE)
    assert origin["DomainName"] == "count.example.org"
    custom = origin["CustomOriginConfig"]
    assert (custom["OriginProtocolPolicy"], custom["OriginSSLProtocols"]) == ("https-only", ["TLSv1.2"])


def test_without_a_name_the_site_reaches_the_load_balancer_over_http() -> None:
    assert api_origin()["CustomOriginConfig"]["OriginProtocolPolicy"] == "http-only"


@pytest.mark.parametrize("given", [{}, IN_ZONE])
def test_the_counter_is_deployed_before_the_site_that_shows_it(given: dict[str, object]) -> None:
    manifest = json.loads((assembly(visitor_count=True, **given) / "manifest.json").read_text())
    assert STACK in manifest["artifacts"]["StaticSite"]["dependencies"]
