"""The web ACL before the counter's load balancer, and whom its rate limits count."""

import json
from typing import Any

import pytest

from review.cost import Usage, by_use, fixed
from stacks import prices
from stacks.firewall import MANAGED_RULES
from tests.unit.stacks.synthesis import Template, only, resources, template

STACK = "VisitorCounter"
ACL = "AWS::WAFv2::WebACL"


def rate_rules(found: Template) -> dict[str, dict[str, Any]]:
    """The rate-based statements of the web ACL by the address that they count."""
    return {
        rule["Statement"]["RateBasedStatement"]["AggregateKeyType"]: rule["Statement"]["RateBasedStatement"]
        for rule in only(found, ACL)["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }


def test_there_is_none_unasked() -> None:
    assert resources(template(STACK), ACL) == []


def test_it_stands_before_the_load_balancer_with_the_rules_of_the_sites() -> None:
    found = template(STACK, counter_waf=True, counter_waf_rate_limit=100)
    acl = only(found, ACL)
    assert acl["Scope"] == "REGIONAL"
    of_site = only(template("StaticSite", waf=True, waf_rate_limit=100), ACL)
    assert acl["Rules"] == of_site["Rules"]
    association = only(found, "AWS::WAFv2::WebACLAssociation")
    balancer = found["Resources"][association["ResourceArn"]["Ref"]]
    assert balancer["Type"] == "AWS::ElasticLoadBalancingV2::LoadBalancer"
    assert found["Resources"][association["WebACLArn"]["Fn::GetAtt"][0]]["Type"] == ACL


def test_alone_it_counts_by_the_address_that_connects() -> None:
    (statement,) = rate_rules(template(STACK, counter_waf=True, counter_waf_rate_limit=700)).values()
    assert statement == {"AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": 700}


def test_behind_the_site_no_visitor_is_blocked_for_what_others_ask_through_the_same_edge() -> None:
    found = template(STACK, counter_waf=True, counter_waf_rate_limit=700, visitor_count=True)
    rules = rate_rules(found)
    assert rules.keys() == {"IP", "FORWARDED_IP"}
    assert {statement["Limit"] for statement in rules.values()} == {700}
    assert rules["FORWARDED_IP"]["ForwardedIPConfig"]["HeaderName"] == "X-Forwarded-For"
    excluded = json.dumps(rules["IP"]["ScopeDownStatement"]["NotStatement"])
    assert '"x-forwarded-for"' in excluded
    assert [rule["Priority"] for rule in only(found, ACL)["Rules"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("visitor_count", "rules"), [(False, 1), (True, 2)])
def test_its_price_is_that_of_its_rules(visitor_count: bool, rules: int) -> None:
    given: dict[str, object] = {"visitor_count": visitor_count}
    found = template(STACK, counter_waf=True, **given)
    more = sum(line.usd for line in fixed(found)) - sum(line.usd for line in fixed(template(STACK, **given)))
    assert more == pytest.approx(prices.web_acl(rules=len(MANAGED_RULES) + rules))
    (asked,) = [line for line in by_use(found, Usage(visits=500_000)) if line.what.startswith("WAF")]
    assert asked.usd == pytest.approx(0.5 * 0.60)
