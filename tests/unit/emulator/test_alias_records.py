"""Which load balancer a name leads to, and what an integration sends there."""

from typing import Any

import pytest

from local.emulator.alias_records import mapped, target

BALANCER = "shop-1.us-east-1.elb.amazonaws.com"


def alias(name: str, to: str, **policy: Any) -> dict[str, Any]:
    return {"Name": f"{name}.", "Type": "A", "AliasTarget": {"DNSName": f"{to}."}, **policy}


RECORDS = [
    alias("reads.example.org", "europe.example.org", GeoLocation={"ContinentCode": "EU"}),
    alias("reads.example.org", "nearest.example.org", GeoLocation={"CountryCode": "*"}),
    alias("nearest.example.org", "far.eu-west-1.elb.amazonaws.com", Region="eu-west-1"),
    alias("nearest.example.org", f"dualstack.{BALANCER}", Region="us-east-1"),
    alias("writes.example.org", "far.eu-west-1.elb.amazonaws.com", Failover="SECONDARY"),
    alias("writes.example.org", BALANCER, Failover="PRIMARY"),
    alias("circle.example.org", "circle.example.org"),
    {"Name": "text.example.org.", "Type": "TXT", "ResourceRecords": []},
]


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("reads.example.org", BALANCER),
        ("Writes.Example.org", BALANCER),
        ("circle.example.org", "circle.example.org"),
        ("text.example.org", "text.example.org"),
        ("elsewhere.example.com", "elsewhere.example.com"),
    ],
)
def test_a_name_leads_where_a_client_of_this_machine_is_led(name: str, leads_to: str) -> None:
    assert target(name, RECORDS) == leads_to


def test_an_integration_sends_what_it_is_told_to() -> None:
    parameters = {
        "integration.request.header.X-Entrance": "'secret'",
        "integration.request.header.X-Trace": "method.request.header.X-Trace",
        "integration.request.path.id": "method.request.path.id",
        "integration.request.querystring.page": "method.request.querystring.page",
        "integration.request.querystring.size": "method.request.querystring.size",
    }
    request: dict[str, dict[str, Any]] = {
        "header": {"x-trace": "1"},
        "path": {"id": "7f"},
        "querystring": {"page": ["2", "3"]},
    }
    assert mapped(parameters, "header", request) == {"X-Entrance": "secret", "X-Trace": "1"}
    assert mapped(parameters, "path", request) == {"id": "7f"}
    assert mapped(parameters, "querystring", request) == {"page": "2"}
