"""What the platform's settings add to its bill: all at once in a synthesis, and each line is of one of them."""

from collections.abc import Iterator, Mapping
from typing import Final

from review.platform_cost import REGIONS, Cost, Synthesize, bill, more
from stacks import platform_prices
from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.security import prices as security_prices

# Beside the flags that everything() of the tests sets: what is no flag, in the profile where it shows.
CHOICES: Final[Mapping[str, object]] = {
    "ecommerce_profile": "standard",
    "ecommerce_api_cache": "0.5",
    "ecommerce_cache_cluster_mode": "enabled",
    "ecommerce_waf_sign_in_path": "/login",
    "ecommerce_oidc_issuer": "https://id.example.org",
    "ecommerce_oidc_client_id": "shop",
}
# By what is more on the bill: the setting, among the flags in demo and among CHOICES in standard.
OF_FLAGS: Final[Mapping[str, str]] = {
    "Interface endpoint, zones": "ecommerce_endpoints=interface",
    "Routing controls": "ecommerce_routing_control=true",
    "CloudFront's additional metrics": "ecommerce_edge_metrics=true",
    "KMS keys": "ecommerce_dnssec=true",
    "CloudWatch alarms, metrics": "ecommerce_log_anomalies=true",
}
OF_CHOICES: Final[Mapping[str, str]] = {
    "Cache of the API, 0.5 GB": "ecommerce_api_cache=0.5",
    "ElastiCache nodes, valkey on cache.m7g.large": "ecommerce_cache_cluster_mode=enabled",
    "WAF account takeover prevention": "ecommerce_waf_sign_in_path=/login",
    "WAF rules": "ecommerce_waf_sign_in_path=/login",
    "Secrets and their replicas": "ecommerce_oidc_issuer=https://id.example.org",
    # that the provider's key was never set, or is old
    "CloudWatch alarms, metrics": "ecommerce_oidc_issuer=https://id.example.org",
}
BY_USE: Final[Mapping[str, str]] = {
    "ecommerce_shield_advanced": f"{security_prices.SHIELD_ADVANCED.usd:,.0f} per "
    f"{security_prices.SHIELD_ADVANCED.unit}, which is no resource; off unless it is named",
    "ecommerce_container_insights": "by observations, see [settings.md](settings.md)",
    "ecommerce_guardduty": f"{security_prices.AUDIT_EVENTS.usd:g} per {security_prices.AUDIT_EVENTS.unit}, "
    "and by volume of what else it reads",
    "ecommerce_config": f"{security_prices.CONFIGURATION_ITEM.usd:g} per "
    f"{security_prices.CONFIGURATION_ITEM.unit} and "
    f"{security_prices.RULE_EVALUATION.usd:g} per {security_prices.RULE_EVALUATION.unit}",
    "ecommerce_security_hub": f"{security_prices.SECURITY_CHECK.usd:g} per {security_prices.SECURITY_CHECK.unit}",
    "ecommerce_customers_plan": f"plus: {security_prices.PLUS.usd:g} per {security_prices.PLUS.unit}",
    "ecommerce_restore_tests": "a restored database's hours, about four days a month of its instance",
    "ecommerce_kubernetes_version": "a version in extended support: "
    f"{platform_prices.EXTENDED_SUPPORT.usd:g} instead of {platform_prices.CONTROL_PLANE.usd:g} an hour of each "
    "cluster",
}
"""Settings whose cost no template tells."""


def markdown(
    bills: Mapping[ProfileName, list[Cost]], synthesize: Synthesize, flags: Mapping[str, object]
) -> str:
    """The table; `bills` by profile. Raises KeyError for what is more on a bill and no setting is named for."""
    head = f"| Setting | In profile | {' | '.join(REGIONS)} | All |\n|---|---{'|--:' * (len(REGIONS) + 1)}|\n"
    rows = [
        *_rows("demo", bills["demo"], bill(synthesize(flags)), OF_FLAGS),
        *_rows("standard", bills["standard"], bill(synthesize(CHOICES)), OF_CHOICES),
    ]
    by_use = "".join(f"- `{name}`: {cost}.\n" for name, cost in BY_USE.items())
    return f"{head}{''.join(rows)}\nBy use, or not in a template:\n\n{by_use}"


def _rows(
    profile: ProfileName, before: list[Cost], after: list[Cost], settings: Mapping[str, str]
) -> Iterator[str]:
    amounts: dict[str, dict[str, float]] = {}
    for what, regions in more(before, after).items():
        row = amounts.setdefault(settings[what], dict.fromkeys(REGIONS, 0.0))
        for name, usd in regions.items():
            row[name] += usd
    for setting in dict.fromkeys(settings.values()):
        cells = " | ".join(f"{amounts[setting][name]:+.2f}" for name in REGIONS)
        yield f"| `{setting}` | {profile} | {cells} | {sum(amounts[setting].values()):+.2f} |\n"
