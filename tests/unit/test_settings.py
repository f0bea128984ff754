"""The door: what is legal, and the one line that says what is not."""

import dataclasses
from typing import get_args

import pytest
from pydantic import ValidationError

from stacks import retention, settings
from stacks.prices import NODE
from stacks.setting_fields import choices, effect_of, legal_values
from stacks.settings import FARGATE_MEMORY_MIB, RetentionDays, Settings, SettingsError
from stacks.site_hosting.rules.security_headers import SecurityHeaders

CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"


def refused(**context: object) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(context)
    return str(caught.value).splitlines()


def test_nothing_given_gives_the_defaults() -> None:
    assert settings.load({}) == Settings()


def test_text_of_the_command_line_and_json_of_cdk_json_mean_the_same() -> None:
    text = {
        "visitor_count": "true",
        "counter_tasks": "3",
        "log_retention_days": "7",
        "account": "012345678901",
    }
    json = {"visitor_count": True, "counter_tasks": 3, "log_retention_days": 7, "account": "012345678901"}
    assert settings.load(text) == settings.load(json)
    assert settings.load(text).counter_tasks == 3


def test_an_account_may_be_a_json_number() -> None:
    assert settings.load({"account": 123456789012}).account == "123456789012"


@pytest.mark.parametrize(
    "name",
    [
        "stage",
        "account",
        "domain",
        "hosted_zone_id",
        "certificate_arn",
        "alarm_email",
        "counter_domain",
        "counter_certificate_arn",
        "counter_alarm_email",
        "s3_prefix_list",
        "ecommerce_regions",
        "ecommerce_oidc_client_id",
        "ecommerce_oidc_issuer",
        "ecommerce_saml_metadata_url",
        "ecommerce_shield_advanced",
        "ecommerce_waf_sign_in_path",
    ],
)
def test_empty_text_is_no_value_where_none_is_legal(name: str) -> None:
    assert settings.load({name: ""}) == Settings()


@pytest.mark.parametrize(
    "key",
    [
        "@aws-cdk/core:target-partitions",
        "@aws-cdk-containers/ecs-service-extensions:enableDefaultLogDriver",
        "aws:cdk:enable-path-metadata",
        "aws-cdk:enableDiffNoFail",
        "availability-zones:account=123456789012:region=us-east-1",
        "vpc-provider:account=123456789012:filter.vpc-id=vpc-1",
        "cdk-migrate",
        "acknowledged-issue-numbers",
    ],
)
def test_keys_of_the_cdk_are_passed_over(key: str) -> None:
    assert settings.load({key: ["anything"]}) == Settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Settings(), "stage", "other")  # noqa: B010  # mypy would refuse the plain assignment


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("hostng", "hosting"),
        ("Hosting", "hosting"),
        ("log-retention-days", "log_retention_days"),
        ("sight", "site"),
    ],
)
def test_a_wrong_name_names_the_nearest(name: str, near: str) -> None:
    assert refused(**{name: "x"}) == [
        f'setting {name}: unknown; did you mean "{near}"? (cdk.json context or -c)'
    ]


def test_a_name_near_to_none_lists_them_all() -> None:
    (line,) = refused(zzzz="x")
    assert all(name in line for name in Settings.model_fields)


def test_a_wrong_choice_names_the_nearest() -> None:
    assert refused(hosting="web-site") == [
        'setting hosting: "web-site" is not legal; legal: cloudfront, website; did you mean "website"? '
        "(cdk.json context or -c)"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", "Dev"),
        ("stage", "1st"),
        ("stage", "a" * 21),
        ("account", "12345"),
        ("account", "12345678901a"),
        ("region", "us-east"),
        ("region", "us-east-1; rm"),
        ("site", ""),
        ("site", ["a", "b"]),
        ("hosting", True),
        ("hosting", None),
        ("price_class", "300"),
        ("content_security_policy", "default-src\nx"),
        ("trailing_slash", "sometimes"),
        ("hsts_max_age_days", "-1"),
        ("hsts_max_age_days", "731"),
        ("hsts_max_age_days", "1y"),
        ("hsts_include_subdomains", "yes"),
        ("hsts_preload", 1),
        ("frame_options", "allow-from https://example.org"),
        ("frame_options", "DENY"),
        ("referrer_policy", ""),
        ("referrer_policy", "none"),
        ("permissions_policy", "camera=()\r\nx: y"),
        ("permissions_policy", "c" * 1001),
        ("cross_origin_opener_policy", "same-site"),
        ("removal_policy", "snapshot"),
        ("log_retention_days", "31"),
        ("log_retention_days", 30.0),
        ("visitor_count", "yes"),
        ("visitor_count", 1),
        ("counter_cpu", "255"),
        ("counter_tasks", "0"),
        ("counter_tasks", "101"),
        ("counter_tasks", True),
        ("counter_tasks", "2.0"),
        ("counter_tasks", "two"),
        ("counter_tasks", "²"),
        ("counter_requests_per_task", "59"),
        ("counter_requests_per_task", "10000001"),
        ("counter_requests_per_task", "many"),
        ("counter_spot_percent", "100"),  # of weight 0, Fargate on demand would place no task
        ("counter_spot_percent", "-1"),
        ("counter_deployment", "canary"),
        ("counter_exec", "1"),
        ("counter_architecture", "arm"),
        ("egress", {"nat": True}),
        ("egress", "endpoint"),
        ("s3_prefix_list", "com.amazonaws.us-east-1.s3"),
        ("s3_prefix_list", "pl-63A5400A"),
        ("redis_node_type", "cache.t4g.mirco"),
        ("redis_replicas", "-1"),
        ("counter_wait_replicas", "6"),
        ("redis_engine", "memcached"),
        ("redis_mode", "cluster"),
        ("redis_max_gb", "0"),
        ("redis_max_ecpus", "999"),
        ("nag", ""),
        ("domain", "Example.org"),
        ("domain", "localhost"),
        ("domain", "https://example.org/"),
        ("domain", "-a.org"),
        ("domain", f"{'a' * 57}.org"),
        ("domain", "example.org'; x"),
        ("www", "both"),
        ("alarm_email", "ops@localhost"),
        ("alarm_email", "ops example.org"),
        ("waf_rate_limit", "99"),
        ("waf_rate_limit", "2000000001"),
        ("ecommerce", "on"),
        ("ecommerce_profile", "huge"),
        ("ecommerce_phase", "0"),
        ("ecommerce_phase", "6"),
        ("ecommerce_regions", 1),
        ("ecommerce_endpoints", "nat"),
        ("hosted_zone_id", "/hostedzone/Z1"),
        ("certificate_arn", "arn:aws:iam::123456789012:server-certificate/x"),
        ("counter_domain", "http://count.example.org/"),
        ("counter_waf", "on"),
        ("counter_alarm_email", "ops@localhost"),
        ("counter_alarms_rollback", "no"),
        ("counter_dashboard", 1),
        ("counter_waf_rate_limit", "99"),
        ("counter_waf_rate_limit", "2000000001"),
        ("counter_certificate_arn", "arn:aws:iam::123456789012:server-certificate/x"),
    ],
)
def test_a_wrong_value_gives_one_line_with_what_is_legal(name: str, value: object) -> None:
    (line,) = refused(**{name: value})
    assert line.startswith(f"setting {name}: ")
    assert legal_values(Settings.model_fields[name]) in line


def test_several_mistakes_give_a_line_each() -> None:
    assert len(refused(hostng="x", stage="X", counter_tasks="none")) == 3


def test_a_hostile_value_stays_on_one_short_line() -> None:
    (line,) = refused(hosting="\x1b[31m\nTraceback" + "x" * 1000)
    assert line.isprintable()
    assert len(line) < 250


@pytest.mark.parametrize("cpu", FARGATE_MEMORY_MIB)
def test_cpu_and_memory_must_be_a_pair_of_fargates(cpu: int) -> None:
    for memory in FARGATE_MEMORY_MIB[cpu]:
        assert settings.load({"counter_cpu": cpu, "counter_memory": memory}).counter_memory == memory
    (line,) = refused(counter_cpu=cpu, counter_memory=max(FARGATE_MEMORY_MIB[cpu]) + 1024)
    assert f"counter_cpu={cpu}" in line
    assert str(FARGATE_MEMORY_MIB[cpu][0]) in line


@pytest.mark.parametrize(
    ("context", "name"),
    [
        ({"hosting": "website", "visitor_count": "true"}, "visitor_count"),
        ({"hosting": "website", "routing": "spa"}, "routing"),
        ({"hosting": "website", "trailing_slash": "always"}, "trailing_slash"),
        ({"routing": "spa", "trailing_slash": "never"}, "trailing_slash"),
        ({"hsts_preload": "true", "hsts_include_subdomains": "false"}, "hsts_preload"),
        ({"hsts_preload": "true", "hsts_max_age_days": "364"}, "hsts_preload"),
        ({"counter_tasks": 3, "counter_max_tasks": 2}, "counter_max_tasks"),
        ({"counter_spot_percent": 50, "counter_tasks": 1, "counter_max_tasks": 1}, "counter_spot_percent"),
        ({"redis_mode": "serverless", "redis_node_type": "cache.t4g.micro"}, "redis_node_type"),
        ({"redis_mode": "serverless", "redis_replicas": 2}, "redis_replicas"),
        ({"s3_prefix_list": "pl-63a5400a"}, "s3_prefix_list"),
        ({"s3_prefix_list": "pl-63a5400a", "egress": "nat"}, "s3_prefix_list"),
        ({"counter_wait_replicas": 2}, "counter_wait_replicas"),
        ({"counter_wait_replicas": 1, "redis_replicas": 0}, "counter_wait_replicas"),
        ({"counter_wait_replicas": 1, "redis_mode": "serverless"}, "counter_wait_replicas"),
        ({"redis_max_gb": 2}, "redis_max_gb"),
        ({"redis_max_ecpus": 2000}, "redis_max_ecpus"),
        ({"hosting": "website", "domain": "example.org", "hosted_zone_id": "Z1"}, "domain"),
        ({"domain": "example.org"}, "domain"),
        ({"domain": "www.example.org", "www": "redirect-to-apex", "hosted_zone_id": "Z1"}, "domain"),
        ({"domain": "example.org", "hosted_zone_id": "Z1", "region": "eu-west-1"}, "region"),
        ({"domain": "example.org", "certificate_arn": CERTIFICATE.format("eu-west-1")}, "certificate_arn"),
        ({"www": "redirect-to-apex"}, "www"),
        ({"access_logs": "true", "region": "eu-west-1"}, "access_logs"),
        ({"waf": "true", "region": "eu-west-1"}, "waf"),
        ({"waf": "true", "hosting": "website"}, "waf"),
        ({"alarm_email": "a@example.org", "region": "eu-west-1"}, "alarm_email"),
        ({"alarm_email": "a@example.org", "hosting": "website"}, "alarm_email"),
        ({"access_logs": "true", "hosting": "website"}, "access_logs"),
        ({"frame_options": "sameorigin"}, "frame_options"),
        ({"hosted_zone_id": "Z1"}, "hosted_zone_id"),
        ({"certificate_arn": CERTIFICATE.format("us-east-1")}, "certificate_arn"),
        ({"counter_domain": "count.example.org"}, "counter_domain"),
        ({"counter_certificate_arn": CERTIFICATE.format("us-east-1")}, "counter_certificate_arn"),
        (
            {
                "counter_domain": "count.example.org",
                "counter_certificate_arn": CERTIFICATE.format("us-east-1"),
                "region": "eu-west-1",
            },
            "counter_certificate_arn",
        ),
        (
            {"counter_domain": "example.org", "domain": "example.org", "hosted_zone_id": "Z1"},
            "counter_domain",
        ),
        (
            {
                "counter_domain": "www.example.org",
                "domain": "example.org",
                "www": "redirect-to-apex",
                "hosted_zone_id": "Z1",
            },
            "counter_domain",
        ),
        (
            {"counter_domain": "count.example.net", "domain": "example.org", "hosted_zone_id": "Z1"},
            "counter_domain",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(context: dict[str, object], name: str) -> None:
    (line,) = refused(**context)
    assert line.startswith(f"setting {name}: ")


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
@pytest.mark.parametrize("hosting", ["cloudfront", "website"])
def test_the_counters_extras_need_no_region_and_no_cloudfront(region: str, hosting: str) -> None:
    """Unlike the site's, which are CloudFront's."""
    given = {
        "counter_domain": "count.example.org",
        "counter_certificate_arn": CERTIFICATE.format(region),
        "counter_waf": True,
        "counter_alarm_email": "ops@example.org",
        "counter_dashboard": True,
    }
    found = settings.load({"region": region, "hosting": hosting, **given})
    assert {name: getattr(found, name) for name in given} == given


def test_site_and_counter_may_share_a_zone_or_have_a_certificate_each() -> None:
    names = {"domain": "example.org", "counter_domain": "count.example.org"}
    assert settings.load({**names, "hosted_zone_id": "Z1"}).hosted_zone_id == "Z1"
    arn = CERTIFICATE.format("us-east-1")
    elsewhere = {**names, "counter_domain": "count.example.net"}
    assert settings.load({**elsewhere, "certificate_arn": arn, "counter_certificate_arn": arn}).counter_domain


def test_one_zone_is_no_certificate_for_a_name_that_it_cannot_have() -> None:
    (line,) = refused(domain="example.org", counter_domain="count.example.net", hosted_zone_id="Z1")
    assert line == (
        "setting counter_domain: count.example.net cannot be in the zone of domain=example.org, and hosted_zone_id "
        "is for both; give a name as count.example.org"
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hsts_max_age_days", [0, 365, 730]),
        ("hsts_preload", [True]),
        ("frame_options", ["deny", "none"]),
        ("permissions_policy", ["", "p" * 1000]),
        ("cross_origin_opener_policy", ["same-origin", "same-origin-allow-popups", "unsafe-none"]),
        ("trailing_slash", ["by-file", "always", "never"]),
    ],
)
def test_what_is_legal_is_taken(name: str, values: list[object]) -> None:
    for value in values:
        assert getattr(settings.load({name: value}), name) == value


def test_the_headers_are_those_that_the_settings_name() -> None:
    """A field of SecurityHeaders that is not handed on would keep its default whatever is set."""
    changed = {
        "content_security_policy": "default-src 'none'",
        "hsts_max_age_days": 730,
        "hsts_include_subdomains": False,
        "hsts_preload": False,  # not without the subdomains; alone below
        "frame_options": "sameorigin",
        "referrer_policy": "no-referrer",
        "permissions_policy": "camera=(self)",
        "cross_origin_opener_policy": "unsafe-none",
    }
    assert dataclasses.asdict(settings.load(changed).security_headers) == changed
    assert settings.load({"hsts_preload": True}).security_headers.hsts_preload
    assert Settings().security_headers == SecurityHeaders()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 40_000),  # 1,100 a second, a minute of it, 60 %
        ({"counter_cpu": 1024, "counter_memory": 2048}, 160_000),
        ({"counter_requests_per_task": ""}, 40_000),
        ({"counter_requests_per_task": "600"}, 600),
    ],
)
def test_autoscaling_aims_below_what_was_measured_unless_told(
    given: dict[str, object], expected: int
) -> None:
    assert settings.load(given).requests_per_task == expected


def test_a_certificate_from_elsewhere_is_one_clear_line() -> None:
    (line,) = refused(domain="example.org", certificate_arn=CERTIFICATE.format("eu-central-1"))
    assert line == (
        "setting certificate_arn: a certificate of eu-central-1 is given, and CloudFront takes certificates of "
        "us-east-1 only; make or import it in us-east-1"
    )


def test_every_setting_says_what_it_does_and_costs() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert effect_of(field).cost, name
        assert legal_values(field), name


def test_every_legal_value_has_its_price_and_its_cdk_type() -> None:
    assert choices(Settings.model_fields["redis_engine"]) == list(NODE)
    for nodes in NODE.values():
        assert choices(Settings.model_fields["redis_node_type"]) == list(nodes)
    assert list(get_args(RetentionDays)) == list(retention.DAYS)
