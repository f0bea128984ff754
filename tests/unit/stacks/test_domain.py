"""A site with a name of its own: certificate, records, redirect."""

import json
from typing import Any

import pytest

from stacks.site_hosting.distribution import viewer_request
from stacks.site_hosting.domain import SiteNames
from tests.unit.stacks.synthesis import Template, only, resources, template
from tests.unit.stacks.test_edge_functions import WHOLE, request, run
from tests.unit.stacks.test_rules import CERTIFICATE

ZONE: dict[str, object] = {"domain": "example.org", "hosted_zone_id": "Z0123456789ABC"}
RECORD = "AWS::Route53::RecordSet"


def config(found: Template) -> dict[str, Any]:
    configured: dict[str, Any] = only(found, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return configured


@pytest.mark.parametrize(
    ("www", "primary", "names"),
    [
        ("none", "example.org", ["example.org"]),
        ("redirect-to-apex", "example.org", ["example.org", "www.example.org"]),
        ("redirect-to-www", "www.example.org", ["www.example.org", "example.org"]),
    ],
)
def test_every_name_has_its_certificate_and_records(www: str, primary: str, names: list[str]) -> None:
    found = template("StaticSite", **ZONE, www=www)
    certificate = only(found, "AWS::CertificateManager::Certificate")
    assert [certificate["DomainName"], *certificate.get("SubjectAlternativeNames", [])] == names
    assert certificate["ValidationMethod"] == "DNS"
    assert config(found)["Aliases"] == names
    assert {(each["Name"], each["Type"]) for each in resources(found, RECORD)} == {
        (f"{name}.", kind) for name in names for kind in ("A", "AAAA", "HTTPS")
    }
    assert all(
        each["AliasTarget"]["DNSName"]["Fn::GetAtt"][1] == "DomainName" for each in resources(found, RECORD)
    )
    assert {each["HostedZoneId"] for each in resources(found, RECORD)} == {"Z0123456789ABC"}
    assert found["Outputs"]["SiteUrl"]["Value"] == f"https://{primary}/"
    assert "DnsRecords" not in found["Outputs"]


def test_no_old_tls() -> None:
    certificate = config(template("StaticSite", **ZONE))["ViewerCertificate"]
    assert certificate["MinimumProtocolVersion"] == "TLSv1.2_2025"
    assert certificate["SslSupportMethod"] == "sni-only"


def test_with_dns_elsewhere_the_records_are_told() -> None:
    found = template(
        "StaticSite",
        domain="example.org",
        www="redirect-to-apex",
        region="eu-west-1",
        certificate_arn=CERTIFICATE,
    )
    assert config(found)["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert resources(found, RECORD) == []
    assert resources(found, "AWS::CertificateManager::Certificate") == []
    told = json.dumps(found["Outputs"]["DnsRecords"])
    assert "example.org CNAME" in told
    assert "www.example.org CNAME" in told


def test_the_distributions_own_name_is_told_with_a_domain_too() -> None:
    assert "Fn::GetAtt" in template("StaticSite", **ZONE)["Outputs"]["DistributionDomain"]["Value"]


def test_the_other_name_redirects_with_path_and_query() -> None:
    code = viewer_request("clean-urls", SiteNames("example.org", "www.example.org"))
    query = {"a": {"value": "1"}, "b": {"value": "", "multiValue": [{"value": "x%20y"}, {"value": ""}]}}
    event = request("/docs/a%20b", querystring=query)
    event["request"]["headers"] = {"host": {"value": "www.example.org"}}
    own = request("/docs/")
    own["request"]["headers"] = {"host": {"value": "example.org"}}
    redirected, served = run(code, [event, own], WHOLE)
    assert redirected["result"]["statusCode"] == 301
    location = redirected["result"]["headers"]["location"]["value"]
    assert location == "https://example.org/docs/a%20b?a=1&b=x%20y&b"
    assert redirected["reads"] == 0
    assert served["result"]["uri"].endswith("/docs/index.html")
