"""What the platform costs: some of it by hand, and that settings and budgets say what the templates do."""

import json
import re
from typing import Any, get_args

import pytest

from review import fargate_pods, platform_cost, platform_settings_cost, platform_use
from review.cost import UnpricedError, fixed
from review.platform_cost import Cost
from review.platform_kinds import PLATFORM
from stacks import platform_prices
from stacks.ecommerce.compute import prices as compute_prices
from stacks.ecommerce.compute.sizes import SIZES
from stacks.ecommerce.cost import standing
from stacks.ecommerce.cost.sizes import AUTOSCALED_PERCENT, MONTHLY_BUDGET
from stacks.ecommerce.parts import Phase, stack_names
from stacks.ecommerce.profiles import PROFILES, ProfileName
from stacks.ecommerce.settings import EcommerceSettings
from stacks.ecommerce.topology import DEFAULT
from stacks.prices import Price
from stacks.region_prices import price_in
from stacks.setting_fields import effect_of
from stacks.settings import Settings
from tests.unit.stacks.ecommerce import everything
from tests.unit.stacks.ecommerce.platform import platform

each_profile = pytest.mark.parametrize("profile", PROFILES)
# What the settings table may be beside the templates: an alarm more does not make it wrong.
NEAR_ENOUGH = 0.02
NEAR_ENOUGH_USD = 3


def bill(**given: object) -> list[Cost]:
    return platform_cost.bill(platform(**given))


def of(costs: list[Cost], what: str) -> float:
    return sum(each.line.usd for each in costs if each.line.what.startswith(what))


def template(kind: str, **properties: object) -> dict[str, Any]:
    return {"Resources": {"One": {"Type": kind, "Properties": properties}}}


def test_a_demo_by_hand() -> None:
    costs = bill()
    assert of(costs, "EKS control plane") == pytest.approx(3 * 0.10 * 730)
    assert of(costs, "Nodes, t4g.large") == pytest.approx(2 * 730 * (0.0672 + 0.0736 + 0.0848))
    assert of(costs, "Disks of nodes") == pytest.approx(2 * 24 * (0.08 + 0.088 + 0.096))
    # a standby in the primary, and none beside the replicas
    assert of(costs, "PostgreSQL") == pytest.approx(730 * (2 * 0.016 + 0.018 + 0.025))
    assert of(costs, "Storage of databases") == pytest.approx(20 * (2 * 0.115 + 0.127 + 0.138))
    assert of(costs, "ElastiCache") == pytest.approx(730 * 2 * (0.0128 + 0.0136 + 0.0192))
    # the checkout, which the tertiary has not
    assert of(costs, "Fargate pods") == pytest.approx(2 * 730 * (0.25 * 0.04048 + 0.5 * 0.004445))
    assert of(costs, "Region Switch plan") == 70
    assert of(costs, "WAF web ACLs") == 5 * 8
    assert of(costs, "Runs of the canary") == pytest.approx(730 * (0.0012 + 0.0016 + 0.0017))


def test_what_nobody_priced_is_not_free() -> None:
    with pytest.raises(
        UnpricedError, match=r"AWS::MSK::Cluster: give it a price in review/platform_kinds\.py"
    ):
        fixed(template("AWS::MSK::Cluster"), "eu-west-1", PLATFORM)


def test_everything_that_a_setting_can_add_has_a_price() -> None:
    """`everything` has all flags, CHOICES what is none; raises for a type or a region without a price."""
    assert platform_cost.bill(everything.everything())
    assert bill(**platform_settings_cost.CHOICES)


@pytest.mark.parametrize(
    ("kind", "properties", "usd"),
    [
        ("AWS::SecretsManager::Secret", {"ReplicaRegions": [{}, {}]}, 1.20),
        ("AWS::ApiGateway::Stage", {"CacheClusterEnabled": True, "CacheClusterSize": "0.5"}, 14.60),
        ("AWS::EKS::Cluster", {"UpgradePolicy": {"SupportType": "EXTENDED"}}, 438.00),
        ("AWS::CloudWatch::Alarm", {"Metrics": [{"MetricStat": 1}, {}], "ThresholdMetricId": "band"}, 0.30),
        ("AWS::CloudWatch::Alarm", {"Metrics": [{"MetricStat": 1}, {"MetricStat": 1}, {}]}, 0.20),
        ("AWS::Route53::HealthCheck", {"HealthCheckConfig": {"Type": "HTTPS", "RequestInterval": 10}}, 2.50),
        ("AWS::Route53::HealthCheck", {"HealthCheckConfig": {"Type": "CALCULATED"}}, 0.50),
        ("AWS::WAFv2::WebACL", {"Rules": [{"Name": "AWSManagedRulesATPRuleSet"}]}, 16.00),
    ],
)
def test_the_price_of_one(kind: str, properties: dict[str, object], usd: float) -> None:
    (resource,) = template(kind, **properties)["Resources"].values()
    lines = fixed({"Resources": {"One": resource}}, "us-east-1", PLATFORM)
    assert sum(line.usd for line in lines) == pytest.approx(usd)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Synthetics::Canary", {"Schedule": {"Expression": "cron(0 * * * ? *)"}}),
        ("AWS::AccessAnalyzer::Analyzer", {"Type": "ACCOUNT_UNUSED_ACCESS"}),
        (
            "AWS::RDS::DBInstance",
            {
                "DBInstanceClass": "db.t4g.micro",
                "MultiAZ": False,
                "AllocatedStorage": "20",
                "PerformanceInsightsRetentionPeriod": 465,
                "DatabaseInsightsMode": "advanced",
                "StorageType": "gp3",
            },
        ),
    ],
)
def test_what_costs_in_another_way_is_not_passed_off_as_known(
    kind: str, properties: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"price|rate of minutes"):
        fixed(template(kind, **properties), "us-east-1", PLATFORM)


def deployment(name: str, *, fargate: bool, cpu: str, memory: str) -> dict[str, object]:
    container = {"resources": {"requests": {"cpu": cpu, "memory": memory}}}
    pod = {
        "metadata": {"labels": {"compute": "fargate"} if fargate else {}},
        "spec": {"containers": [container]},
    }
    return {"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": pod}}


def test_pods_on_fargate_are_those_of_the_manifests() -> None:
    manifests = [
        deployment("a", fargate=True, cpu="250m", memory="512Mi"),
        deployment("b", fargate=False, cpu="1", memory="1Gi"),
        {
            "kind": "HorizontalPodAutoscaler",
            "spec": {"minReplicas": 3, "scaleTargetRef": {"name": "a"}},
        },
    ]
    # the CDK writes a reference in between
    before, after = json.dumps([*manifests, {"kind": "TOKEN"}]).split("TOKEN")
    found = fargate_pods.pods({"Manifest": {"Fn::Join": ["", [before, {"Ref": "Something"}, after]]}})
    # with 256 MiB for Kubernetes itself it is 0.75 GB, which Fargate does not have
    assert list(found) == [(3, 0.25, 1)]
    too_large = json.dumps([deployment("a", fargate=True, cpu="8", memory="1Gi")])
    with pytest.raises(ValueError, match="no size of Fargate"):
        list(fargate_pods.pods({"Manifest": too_large}))


@pytest.mark.parametrize("profile", ["demo", "standard"])
def test_nothing_of_more_than_500_a_month_is_there_unless_it_is_named(profile: str) -> None:
    assert platform_cost.large(bill(ecommerce_profile=profile)) == {}


def test_what_costs_more_by_itself_has_to_be_named_or_is_peaks_size() -> None:
    """peak is named by whoever wants ten times the standard: nodes, databases and caches are all that is large."""
    kinds = {what.split(",")[0] for _, _, what in platform_cost.large(bill(ecommerce_profile="peak"))}
    assert kinds == {"Nodes", "PostgreSQL", "ElastiCache nodes"}
    named = platform_cost.large(platform_cost.bill(everything.everything()))
    assert {what for _, _, what in named} == {"Routing controls"}


@each_profile
def test_the_settings_table_says_what_the_templates_cost(profile: ProfileName) -> None:
    computed = platform_cost.by_phase(bill(ecommerce_profile=profile))
    for phase, regions in computed.items():
        assert standing.STANDING[profile][phase] == {
            region: pytest.approx(usd, rel=NEAR_ENOUGH, abs=NEAR_ENOUGH_USD)
            for region, usd in regions.items()
        }, f"stacks/ecommerce/cost/standing.py: {profile}, phase {phase} is {regions}"
    text = effect_of(Settings.model_fields["ecommerce_profile"]).cost
    everything_told = re.search(rf"{profile} [\d,]+, with all five phases ([\d,]+)", text)
    assert everything_told
    assert int(everything_told[1].replace(",", "")) == pytest.approx(
        sum(sum(regions.values()) for regions in computed.values()), rel=NEAR_ENOUGH
    )


def test_a_settings_text_says_what_it_adds_to_the_templates() -> None:
    flags = platform_cost.more(bill(), platform_cost.bill(platform(**everything.flags())))
    added = {
        platform_settings_cost.OF_FLAGS[what]: f"{sum(regions.values()):.2f}"
        for what, regions in flags.items()
    }
    standard = bill(ecommerce_profile="standard")
    choices = platform_cost.more(standard, bill(**platform_settings_cost.CHOICES))
    added["ecommerce_api_cache=0.5"] = f"{choices['Cache of the API, 0.5 GB']['us-east-1']:.2f}"
    takeover = sum(choices[what]["us-east-1"] for what in ("WAF account takeover prevention", "WAF rules"))
    added["ecommerce_waf_sign_in_path"] = f"{takeover:.2f}"
    for setting, usd in added.items():
        text = effect_of(Settings.model_fields[setting.split("=")[0]]).cost
        assert re.search(rf"(?<![\d.]){re.escape(usd)}(?!\d)", text), f"{setting} adds {usd}: {text}"
    firewalls = f"{of(bill(), 'WAF'):.2f} for the web ACLs"
    assert firewalls in effect_of(Settings.model_fields["ecommerce_waf_rate_limit"]).cost


@pytest.mark.parametrize("phase", [1, 3])
def test_a_phase_deployed_by_itself_costs_what_it_adds(phase: Phase) -> None:
    """The bill by phase is that of the whole: what a later phase changes in an earlier stack must be small."""
    found = platform(ecommerce_phase=phase)
    alone = sum(
        line.usd
        for name, region in stack_names(DEFAULT, phase=phase, stage=None).items()
        for line in fixed(found[name], region, PLATFORM)
    )
    whole = platform_cost.by_phase(bill())
    assert alone == pytest.approx(
        sum(sum(whole[each].values()) for each in get_args(Phase) if each <= phase), rel=NEAR_ENOUGH
    )


@each_profile
def test_the_clusters_setting_says_what_the_templates_cost(profile: ProfileName) -> None:
    """Without Spot, as it says."""
    costs = [each for each in bill(ecommerce_profile=profile) if each.part == "Cluster"]
    for region in DEFAULT.regions:
        here = [each for each in costs if each.region == region.name]
        disk = price_in(region.name, platform_prices.DISK).usd * (SIZES[profile].disk_gib + 4)
        spot = sum(each.line.usd + each.line.quantity * disk for each in here if "on Spot" in each.line.what)
        assert compute_prices.cluster(region, SIZES[profile]) == pytest.approx(
            platform_cost.total(here) - spot
        )


@each_profile
def test_the_budget_is_the_bill_with_what_load_adds(profile: ProfileName) -> None:
    costs = bill(ecommerce_profile=profile)
    used = sum(platform_use.used(profile).values())
    spot = platform_cost.spot_at_most(costs, platform_prices.SPOT_AT_LEAST)
    expected = (platform_cost.total(costs) + spot + used) * (1 + AUTOSCALED_PERCENT / 100)
    assert -100 < expected - MONTHLY_BUDGET[profile] <= 0, f"{profile} is to be {expected:.0f}, rounded up"


def test_a_price_is_not_that_of_something_else() -> None:
    """Prices are keys of the table of regions: two alike would be one."""
    listed = [value for value in vars(platform_prices).values() if isinstance(value, Price)]
    for table in (platform_prices.NODE, platform_prices.SPOT_NODE, platform_prices.DATABASE):
        listed += table.values()
    assert len(set(listed)) == len(listed)


def test_a_setting_without_a_price_in_a_template_is_one_of_the_settings() -> None:
    names = {
        *platform_settings_cost.BY_USE,
        *(
            text.split("=")[0]
            for settings in (platform_settings_cost.OF_FLAGS, platform_settings_cost.OF_CHOICES)
            for text in settings.values()
        ),
    }
    assert names <= EcommerceSettings.model_fields.keys()
