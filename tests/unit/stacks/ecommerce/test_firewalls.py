"""What stands before the shop: enough rules, few enough units, a log without sessions, and who is protected."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53

from stacks import settings
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.security import prices
from stacks.ecommerce.security.firewall_stack import EcommerceFirewall
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.settings import SettingsError
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template, resources

ACL = "AWS::WAFv2::WebACL"
TAKEOVER = {"ecommerce_waf_sign_in_path": "/login"}
every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)

# "AWS WAF web ACL capacity units" and "AWS Managed Rules rule groups list"
IN_BASE_PRICE = 1500
GROUPS = {
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesATPRuleSet": 50,
}


def units(statement: dict[str, Any]) -> int:
    """The capacity units of a statement."""
    ((kind, inside),) = statement.items()
    below = sum(units(each) for each in inside.get("Statements", []))
    below += sum(units(inside[key]) for key in ("Statement", "ScopeDownStatement") if key in inside)
    transformations = 10 * len(inside.get("TextTransformations", []))
    match kind:
        case "ManagedRuleGroupStatement":
            return GROUPS[inside["Name"]] + below
        case "RateBasedStatement":
            return 2 + below
        case "ByteMatchStatement":
            return {"STARTS_WITH": 2, "CONTAINS": 10}[inside["PositionalConstraint"]] + transformations
        case "SizeConstraintStatement":
            return 1 + transformations
        case "OrStatement" | "NotStatement":
            return below
    raise AssertionError(kind)


def edge(**given: object) -> Template:
    return platform(**given)[stack_name("EdgeFirewall", "us-east-1", None)]


def firewall(region: str, **given: object) -> Template:
    return platform(**given)[stack_name("Firewall", region, None)]


def acls(**given: object) -> list[Template]:
    return [each for found in platform(**given).values() for each in resources(found, ACL)]


def rules(acl: Template) -> dict[str, Template]:
    return {rule["Name"]: rule for rule in acl["Rules"]}


@pytest.mark.parametrize("given", [{}, TAKEOVER], ids=["default", "takeover"])
def test_every_web_acl_is_within_its_base_price(given: dict[str, object]) -> None:
    for acl in acls(**given):
        assert sum(units(rule["Statement"]) for rule in acl["Rules"]) <= IN_BASE_PRICE
        assert len({rule["Priority"] for rule in acl["Rules"]}) == len(acl["Rules"])


def test_the_distributions_is_in_us_east_1_and_the_others_where_they_stand() -> None:
    (acl,) = resources(edge(), ACL)
    assert acl["Scope"] == "CLOUDFRONT"
    for region in DEFAULT.regions:
        assert [each["Scope"] for each in resources(firewall(region.name), ACL)] == ["REGIONAL"] * 2


def test_known_attacks_are_blocked_everywhere_and_anonymous_addresses_counted() -> None:
    for acl in [*resources(edge(), ACL), *resources(firewall("eu-west-1"), ACL)]:
        found = rules(acl)
        for name in ("CommonRuleSet", "KnownBadInputsRuleSet", "SQLiRuleSet"):
            assert found[f"AWSManagedRules{name}"]["OverrideAction"] == {"None": {}}
        if anonymous := found.get("AWSManagedRulesAnonymousIpList"):
            assert anonymous["OverrideAction"] == {"Count": {}}


def test_anonymous_addresses_are_blocked_when_asked_but_for_partners() -> None:
    given = {"ecommerce_waf_anonymous": "block"}
    name = "AWSManagedRulesAnonymousIpList"
    (acl,) = resources(edge(**given), ACL)
    assert rules(acl)[name]["OverrideAction"] == {"None": {}}
    partners = [
        rules(each)[name] for each in resources(firewall("us-east-1", **given), ACL) if name in rules(each)
    ]
    assert [each["OverrideAction"] for each in partners] == [{"Count": {}}]


def paths(statement: Template) -> set[str]:
    inside = statement.get("OrStatement", {"Statements": [statement]})
    return {each["ByteMatchStatement"]["SearchString"] for each in inside["Statements"]}


def test_paying_has_a_stricter_limit_by_the_address_that_connects() -> None:
    (acl,) = resources(edge(), ACL)
    limits = {
        name: rules(acl)[name]["Statement"]["RateBasedStatement"]
        for name in ("RateLimit", "SensitiveRateLimit")
    }
    assert {each["AggregateKeyType"] for each in limits.values()} == {"IP"}
    assert limits["SensitiveRateLimit"]["Limit"] == 100 < limits["RateLimit"]["Limit"] == 2000
    assert "ScopeDownStatement" not in limits["RateLimit"]
    assert paths(limits["SensitiveRateLimit"]["ScopeDownStatement"]) == {"/api/checkout", "/api/payments"}


def test_no_stranger_reaches_the_switches_for_faults_however_he_writes_them() -> None:
    (acl,) = resources(edge(), ACL)
    rule = rules(acl)["InternalPaths"]
    assert rule["Action"] == {"Block": {}}
    assert paths(rule["Statement"]) == {"/chaos", "/actuator"}
    for each in rule["Statement"]["OrStatement"]["Statements"]:
        kinds = [one["Type"] for one in each["ByteMatchStatement"]["TextTransformations"]]
        assert kinds == ["URL_DECODE", "LOWERCASE"]


def test_account_takeover_prevention_is_paid_for_the_sign_in_alone() -> None:
    name = "AWSManagedRulesATPRuleSet"
    assert not any(name in rules(acl) for acl in acls())
    (acl,) = resources(edge(**TAKEOVER), ACL)
    statement = rules(acl)[name]["Statement"]["ManagedRuleGroupStatement"]
    assert paths(statement["ScopeDownStatement"]) == {"/login"}
    (configured,) = statement["ManagedRuleGroupConfigs"]
    assert configured["AWSManagedRulesATPRuleSet"]["LoginPath"] == "/login"
    limit = rules(acl)["SensitiveRateLimit"]["Statement"]["RateBasedStatement"]
    assert "/login" in paths(limit["ScopeDownStatement"])


def test_every_web_acl_has_an_encrypted_log_without_sessions() -> None:
    for found in platform().values():
        logged = resources(found, "AWS::WAFv2::LoggingConfiguration")
        assert len(logged) == len(resources(found, ACL))
        for each in logged:
            hidden = {
                field["SingleHeader"]["Name"] for field in each["RedactedFields"] if "SingleHeader" in field
            }
            assert hidden == {"authorization", "cookie"}
            assert each["LoggingFilter"]["DefaultBehavior"] == "DROP"
            kept = [
                one["ActionCondition"]["Action"] for one in each["LoggingFilter"]["Filters"][0]["Conditions"]
            ]
            assert {"BLOCK", "COUNT"} <= set(kept)
        names = {
            json.dumps(group["LogGroupName"]).strip('"')
            for group in resources(found, "AWS::Logs::LogGroup")
            if "LogGroupName" in group and group["KmsKeyId"] and group["RetentionInDays"]
        }
        assert len([name for name in names if name.startswith("aws-waf-logs-")]) == len(logged)


def test_the_price_told_is_that_of_the_rules() -> None:
    counts = sorted(len(acl["Rules"]) for acl in acls())
    assert counts.count(prices.EDGE_RULES) == 1
    assert counts.count(prices.LOAD_BALANCER_RULES) == counts.count(prices.API_RULES) == len(DEFAULT.regions)
    assert sum(5 + count for count in counts) == prices.web_acls(regions=len(DEFAULT.regions))


def protected(tmp_path: Path, region: Region, **given: object) -> Template:
    """The firewall of a region that has something to protect."""
    app = App(context=FEATURE_FLAGS, outdir=str(tmp_path))
    elsewhere = Stack(app, "Elsewhere", env=Environment(region=region.name))
    primary = region.role == "primary"
    stack = EcommerceFirewall(
        app,
        region=region,
        settings=settings.load({**NEEDED, "ecommerce_phase": 4, **given}),
        operations_key=kms.Key(elsewhere, "Key"),
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/1",
        api_stage_arn="arn:aws:apigateway:eu-west-1::/restapis/api/stages/prod",
        distribution_id="E123" if primary else None,
        zone=route53.HostedZone.from_hosted_zone_id(elsewhere, "Zone", "Z123") if primary else None,
    )
    template: Template = app.synth().get_stack_by_name(stack.stack_name).template
    return template


@every_region
def test_load_balancer_and_api_each_have_their_web_acl(tmp_path: Path, region: Region) -> None:
    found = protected(tmp_path, region)
    associations = {
        each["ResourceArn"].split(":")[2]: each["WebACLArn"]["Fn::GetAtt"][0]
        for each in resources(found, "AWS::WAFv2::WebACLAssociation")
    }
    assert associations["elasticloadbalancing"].startswith("Shop")
    assert associations["apigateway"].startswith("Api")
    assert resources(found, "AWS::Shield::Protection") == []


@every_region
def test_shield_protects_the_load_balancer_and_once_what_is_in_no_region(
    tmp_path: Path, region: Region
) -> None:
    found = protected(tmp_path, region, ecommerce_shield_advanced="i-commit-to-a-year")
    names = {
        each["Name"].rsplit(f"{region.name}-")[1] for each in resources(found, "AWS::Shield::Protection")
    }
    everywhere = {"load-balancer"}
    assert names == (everywhere | {"distribution", "hosted-zone"} if region.role == "primary" else everywhere)


@pytest.mark.parametrize("given", [True, "true", "yes"])
def test_nobody_commits_to_a_year_by_saying_yes(given: object) -> None:
    with pytest.raises(SettingsError, match="i-commit-to-a-year"):
        settings.load({**NEEDED, "ecommerce_shield_advanced": given})


def test_a_limit_that_never_blocks_is_refused() -> None:
    with pytest.raises(SettingsError, match="ecommerce_waf_sensitive_rate_limit: 3000 is more than"):
        settings.load({**NEEDED, "ecommerce_waf_sensitive_rate_limit": 3000})
