"""What each resource type of the e-commerce platform costs: by the hour or month, by use, or nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from review import fargate_pods
from review.cost import SITE_AND_COUNTER, Kinds, Line, Pricer, Properties, Template, always, line
from review.platform_free import BY_USE, FREE
from stacks import platform_prices, prices
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.operations.prices import (
    ANOMALY_ALARM_METRICS,
    CANARY_RUN,
    COMPOSITE_ALARM,
    MINUTES_PER_MONTH,
)
from stacks.ecommerce.security.prices import TAKEOVER
from stacks.ecommerce.traffic.prices import API_CACHE
from stacks.prices import Price

_STORAGE: Final = {size.max_storage_gb: size.storage_gb for size in SIZES.values()}


def _cluster(properties: Properties, _: Template) -> Iterator[Line]:
    standard = properties["UpgradePolicy"]["SupportType"] == "STANDARD"
    price = platform_prices.CONTROL_PLANE if standard else platform_prices.EXTENDED_SUPPORT
    yield always("EKS control plane", 1, price)


def _nodes(properties: Properties, template: Template) -> Iterator[Line]:
    """The desired nodes of a group, of the first of its types, and their disks; Spot at its least."""
    count, kind = properties["ScalingConfig"]["DesiredSize"], properties["InstanceTypes"][0]
    if not count:
        return
    spot = properties["CapacityType"] == "SPOT"
    price = (platform_prices.SPOT_NODE if spot else platform_prices.NODE)[kind]
    yield always(f"Nodes, {kind}{' on Spot' if spot else ''}", count, price)
    launched = template["Resources"][properties["LaunchTemplate"]["Id"]["Ref"]]["Properties"]
    disks = launched["LaunchTemplateData"]["BlockDeviceMappings"]
    gigabytes = sum(each["Ebs"]["VolumeSize"] for each in disks)
    yield line("Disks of nodes, GB", count * gigabytes, platform_prices.DISK)


def _manifests(properties: Properties, _: Template) -> Iterator[Line]:
    for count, cpus, gigabytes in fargate_pods.pods(properties):
        what = f"Fargate pods of {cpus:g} vCPU and {gigabytes:g} GB"
        yield always(f"{what}: vCPU", count * cpus, prices.FARGATE_CPU["X86_64"])
        yield always(f"{what}: memory, GB", count * gigabytes, prices.FARGATE_MEMORY["X86_64"])


def _database(properties: Properties, _: Template) -> Iterator[Line]:
    """With its storage. Seven days of Performance Insights are free; what has no price here raises ValueError."""
    copies = 2 if properties["MultiAZ"] else 1
    kind = properties["DBInstanceClass"]
    where = "two zones" if copies == 2 else "one zone"
    yield always(f"PostgreSQL, {kind} in {where}", copies, platform_prices.DATABASE[kind])
    # A replica starts with its source's size, which is in another template; the limit says of which profile.
    gigabytes = int(properties.get("AllocatedStorage") or _STORAGE[properties["MaxAllocatedStorage"]])
    yield line("Storage of databases, GB", copies * gigabytes, platform_prices.DATABASE_STORAGE)
    paid = properties["PerformanceInsightsRetentionPeriod"] > 7 or (
        properties["DatabaseInsightsMode"] != "standard"
    )
    if paid or properties["StorageType"] != "gp3" or "Iops" in properties:
        raise ValueError("the database has what has no price yet: add it in review/platform_kinds.py")


def _cache(properties: Properties, _: Template) -> Iterator[Line]:
    kind, engine = properties["CacheNodeType"], properties["Engine"]
    nodes = properties.get("NumCacheClusters") or (
        properties["NumNodeGroups"] * (1 + properties["ReplicasPerNodeGroup"])
    )
    yield always(f"ElastiCache nodes, {engine} on {kind}", nodes, prices.NODE[engine][kind])


def _secret(properties: Properties, _: Template) -> Iterator[Line]:
    """Each replica is billed as a secret."""
    yield line("Secrets and their replicas", 1 + len(properties.get("ReplicaRegions", ())), prices.SECRET)


def _web_acl(properties: Properties, _: Template) -> Iterator[Line]:
    yield line("WAF web ACLs", 1, prices.WEB_ACL)
    yield line("WAF rules", len(properties["Rules"]), prices.WAF_RULE)
    if "AWSManagedRulesATPRuleSet" in str(properties["Rules"]):
        yield line("WAF account takeover prevention", 1, TAKEOVER)


def _alarm(properties: Properties, _: Template) -> Iterator[Line]:
    """An alarm on an expression is billed for each metric in it; one on a band for the band's two bounds too."""
    metrics = sum("MetricStat" in each for each in properties.get("Metrics", ())) or 1
    if "ThresholdMetricId" in properties:
        yield line("CloudWatch alarms on anomalies, metrics", ANOMALY_ALARM_METRICS * metrics, prices.ALARM)
    else:
        yield line("CloudWatch alarms, metrics", metrics, prices.ALARM)


def _composite(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("CloudWatch composite alarms", 1, COMPOSITE_ALARM)


def _dashboard(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("CloudWatch dashboards", 1, prices.DASHBOARD)


def _canary(properties: Properties, _: Template) -> Iterator[Line]:
    """Raises ValueError for a schedule that is no rate of minutes."""
    said = properties["Schedule"]["Expression"]
    match = re.fullmatch(r"rate\((\d+) minutes?\)", said)
    if not match:
        raise ValueError(f"how often is {said}? Give a canary a rate of minutes")
    yield line("Runs of the canary", MINUTES_PER_MONTH / int(match[1]), CANARY_RUN)


def _health_check(properties: Properties, _: Template) -> Iterator[Line]:
    """The first fifty of endpoints in AWS are free in an account, without options; not taken off here."""
    config = properties["HealthCheckConfig"]
    yield line("Route 53 health checks", 1, platform_prices.HEALTH_CHECK)
    options = sum(
        (
            config["Type"].startswith("HTTPS"),
            "STR_MATCH" in config["Type"],
            config.get("RequestInterval") == 10,
            bool(config.get("MeasureLatency")),
        )
    )
    if options:
        yield line("Options of health checks", options, platform_prices.HEALTH_CHECK_OPTION)


def _api_stage(properties: Properties, _: Template) -> Iterator[Line]:
    if properties.get("CacheClusterEnabled"):
        size = properties["CacheClusterSize"]
        yield always(f"Cache of the API, {size} GB", 1, API_CACHE[size])


def _analyzer(properties: Properties, _: Template) -> Iterator[Line]:
    """Raises ValueError for one of unused access, which is billed by role and month."""
    if properties["Type"] not in ("ACCOUNT", "ORGANIZATION"):
        raise ValueError(f"an analyzer of {properties['Type']} has no price in review/platform_kinds.py")
    return iter(())


def _monthly(what: str, price: Price) -> Pricer:
    def priced(_properties: Properties, _: Template) -> Iterator[Line]:
        yield line(what, 1, price)

    return priced


def _hourly(what: str, price: Price) -> Pricer:
    def priced(_properties: Properties, _: Template) -> Iterator[Line]:
        yield always(what, 1, price)

    return priced


_BY_THE_HOUR: Final[Mapping[str, Pricer]] = {
    "AWS::ARCRegionSwitch::Plan": _monthly("Region Switch plan", platform_prices.RECOVERY_PLAN),
    "AWS::AccessAnalyzer::Analyzer": _analyzer,
    "AWS::ApiGateway::Stage": _api_stage,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _composite,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::EKS::Cluster": _cluster,
    "AWS::EKS::Nodegroup": _nodes,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::KMS::Key": _monthly("KMS keys", prices.ENCRYPTION_KEY),
    "AWS::KMS::ReplicaKey": _monthly("KMS keys", prices.ENCRYPTION_KEY),
    "AWS::RDS::DBInstance": _database,
    "AWS::Route53::HealthCheck": _health_check,
    "AWS::Route53::HostedZone": _monthly("Route 53 hosted zone", prices.HOSTED_ZONE),
    "AWS::Route53RecoveryControl::Cluster": _hourly("Routing controls", platform_prices.ROUTING_CONTROLS),
    "AWS::SecretsManager::Secret": _secret,
    "AWS::Synthetics::Canary": _canary,
    "AWS::WAFv2::WebACL": _web_acl,
    "Custom::AWSCDK-EKS-KubernetesResource": _manifests,
}
PLATFORM: Final = Kinds(
    {**SITE_AND_COUNTER.by_the_hour, **_BY_THE_HOUR},
    SITE_AND_COUNTER.by_use | BY_USE,
    SITE_AND_COUNTER.free | FREE,
    "review/platform_kinds.py",
)
