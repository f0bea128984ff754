"""The cost report: figures checked against a calculation by hand, and nothing left unpriced."""

import pytest

from review.cost import UnpricedError, Usage, by_use, fixed
from review.setting_costs import CHANGES, NOT_COMPUTED, Change, difference
from stacks.settings import Settings
from tests.golden import CASES
from tests.unit.stacks.synthesis import template, templates


def monthly(**given: object) -> float:
    return sum(line.usd for line in fixed(template("VisitorCounter", **given)))


def test_the_default_counter() -> None:
    fargate = 2 * 730 * (0.25 * 0.03238 + 0.5 * 0.00356)
    balancer = 730 * 0.0225
    addresses = 4 * 730 * 0.005
    redis = 2 * 730 * 0.0128
    secret, scaling, alarms = 0.40, 2 * 2 * 0.10, 3 * 0.10
    assert monthly() == pytest.approx(fargate + balancer + addresses + redis + secret + scaling + alarms)


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ({"egress": "nat"}, 730 * (0.045 + 0.005) - 2 * 730 * 0.005),
        ({"egress": "endpoints"}, 730 * (4 * 2 * 0.01 - 2 * 0.005)),
        ({"egress": "endpoints", "counter_exec": True}, 730 * (6 * 2 * 0.01 - 2 * 0.005) + 1.00),
        ({"redis_replicas": 0}, -730 * 0.0128),
        ({"redis_engine": "redis"}, 2 * 730 * (0.016 - 0.0128)),
        ({"redis_mode": "serverless"}, 730 * (0.1 * 0.084 - 2 * 0.0128)),
        ({"redis_mode": "serverless", "redis_engine": "redis"}, 730 * (1 * 0.125 - 2 * 0.0128)),
        ({"counter_spot_percent": 50}, 730 * 0.5 * (0.25 * -0.7 * 0.03238 + 0.5 * -0.7 * 0.00356)),
        ({"counter_exec": True}, 1.00),
        ({"counter_deployment": "blue-green"}, 2 * 0.10),
        ({"counter_tasks": 3}, 730 * (0.25 * 0.03238 + 0.5 * 0.00356 + 0.005)),
        (
            {"counter_architecture": "x86_64"},
            2 * 730 * (0.25 * (0.04048 - 0.03238) + 0.5 * (0.004445 - 0.00356)),
        ),
    ],
)
def test_a_setting_changes_the_bill_by_what_its_table_says(given: dict[str, object], more: float) -> None:
    assert monthly(**given) - monthly() == pytest.approx(more, abs=0.001)


@pytest.mark.parametrize(
    ("given", "always", "with_visits"),
    [
        ({"counter_domain": "count.example.org", "hosted_zone_id": "Z1"}, 0, 0),
        ({"counter_waf": True}, 9, 9 + 0.5 * 0.60),
        ({"counter_alarm_email": "ops@example.org"}, 1 + 13 * 0.10, 1 + 13 * 0.10),
        ({"counter_alarms_rollback": False}, -0.30, -0.30),
        ({"counter_dashboard": True}, 3, 3),
    ],
)
def test_what_a_setting_changes_is_what_is_computed_by_hand(
    given: dict[str, object], always: float, with_visits: float
) -> None:
    changed = difference(Change(given), lambda settings: templates(**settings))
    assert changed == pytest.approx((always, with_visits))


def test_every_setting_of_the_counter_is_in_the_table_or_has_a_reason() -> None:
    """A new one that nobody priced would look free."""
    counters = {
        name
        for name in Settings.model_fields
        if name.startswith(("counter_", "redis_")) or name in ("egress", "container_insights")
    }
    shown = {name for change in CHANGES for name in change.given}
    assert counters - shown == NOT_COMPUTED.keys()


def test_the_default_site_costs_cents() -> None:
    site = template("StaticSite")
    assert fixed(site) == []
    lines = by_use(site, Usage(visits=5_000))
    assert sum(line.usd for line in lines) < 0.10
    assert all(line.usd == 0 for line in lines if line.what.startswith("CloudFront")), "inside the free tier"


@pytest.mark.parametrize("case", CASES)
def test_every_resource_has_a_price_or_is_known_to_be_free(case: str) -> None:
    stage = f"-{CASES[case]['stage']}" if "stage" in CASES[case] else ""
    for stack in ("StaticSite", "VisitorCounter"):
        fixed(template(f"{stack}{stage}", **CASES[case]))


def test_an_unknown_type_is_not_taken_for_free() -> None:
    with pytest.raises(UnpricedError, match="Database is a AWS::RDS::DBInstance"):
        fixed({"Resources": {"Database": {"Type": "AWS::RDS::DBInstance"}}})


@pytest.mark.parametrize(("egress", "price"), [("public-ip", 0), ("nat", 0.045), ("endpoints", 0.01)])
def test_what_the_log_costs_on_its_way_follows_the_egress(egress: str, price: float) -> None:
    lines = by_use(
        template("VisitorCounter", egress=egress), Usage(visits=4_000_000, log_bytes_per_visit=500)
    )
    assert sum(line.usd for line in lines if "GB of log" in line.what) == pytest.approx(2 * price)
