"""What the stacks cost a month, computed from their templates and the price list in stacks/prices.py."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from stacks import prices
from stacks.prices import HOURS_PER_MONTH, Price
from stacks.region_prices import HOME, price_in

Template = Mapping[str, Any]
Properties = Mapping[str, Any]

GB: Final = 1_000_000_000
_SECONDS_PER_MONTH: Final = HOURS_PER_MONTH * 3600
# GetKey, DescribeKeyValueStore, ListKeys and UpdateKeys, see stacks/site_hosting/publisher/pointer.py
_CALLS_PER_DEPLOY: Final = 4


# Of the fallback, measured on the emulator with a warm function; its memory is in the template.
_FALLBACK_SECONDS: Final = 0.05
# a line of the access log, gzipped
_LOGGED_BYTES: Final = 150


class UnpricedError(ValueError):
    """A template holds a resource type that this module neither prices nor knows to be free."""


@dataclass(frozen=True, slots=True)
class Usage:
    """A month of visitors. The defaults describe a small site: about ten files and 0.5 MB a visit.

    `missed`: the part of the requests for which the site has no file.
    """

    visits: int
    requests_per_visit: int = 10
    bytes_per_visit: int = 500_000
    site_bytes: int = 10_000_000
    log_bytes_per_visit: int = 500
    deploys: int = 10
    missed: float = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the bill: `quantity` of what `price` is for, in US dollars a month."""

    what: str
    quantity: float
    price: Price
    usd: float


Pricer = Callable[[Properties, Template], Iterator[Line]]
"""The lines of one resource by its properties and the template that it is in, at us-east-1's prices."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What is known of resource types: how each is priced `by_the_hour` (or month), and which are billed by use
    alone, or not at all. `file`: where to add one."""

    by_the_hour: Mapping[str, Pricer]
    by_use: Set[str]
    free: Set[str]
    file: str


def fixed(template: Template, region: str = HOME, kinds: Kinds | None = None) -> list[Line]:
    """What is billed by the hour or month as long as the stack exists in `region`, whoever visits.

    `kinds`: those of site and counter, unless given. Raises as `by_resource`.
    """
    return [line for lines in by_resource(template, region, kinds).values() for line in lines]


def by_resource(template: Template, region: str = HOME, kinds: Kinds | None = None) -> dict[str, list[Line]]:
    """The lines of `fixed` by logical id; a resource that has none is left out.

    Raises UnpricedError if there is a resource of a type that has no price and is not known to be free, and
    UnknownPriceError if it has none for the region.
    """
    known = kinds or SITE_AND_COUNTER
    found = {}
    for name, resource in template["Resources"].items():
        kind = resource["Type"]
        if kind in known.by_the_hour:
            lines = known.by_the_hour[kind](resource.get("Properties", {}), template)
            found[name] = [_in_region(line, region) for line in lines]
        elif kind not in known.free and kind not in known.by_use:
            raise UnpricedError(f"{name} is a {kind}: give it a price in {known.file}, or call it free")
    return {name: lines for name, lines in found.items() if lines}


def _in_region(line: Line, region: str) -> Line:
    price = price_in(region, line.price)
    return replace(line, price=price, usd=line.usd * price.usd / line.price.usd)


def by_use(template: Template, usage: Usage) -> list[Line]:
    """What `usage` adds, free tiers that never end taken off, as if no cache answered for the bucket."""
    kinds = {resource["Type"] for resource in template["Resources"].values()}
    requests = usage.visits * usage.requests_per_visit
    gigabytes = usage.visits * usage.bytes_per_visit / GB
    if "AWS::CloudFront::Distribution" in kinds:
        lines = [
            *_storage(usage),
            line("S3 reads", requests / 1000, prices.S3_GET),
            line("CloudFront requests", max(0, requests - 10_000_000) / 10_000, prices.CLOUDFRONT_REQUESTS),
            line("CloudFront transfer, GB", max(0.0, gigabytes - 1000), prices.CLOUDFRONT_TRANSFER),
            # one at the request, one at the response
            line(
                "CloudFront Functions, million calls",
                max(0, 2 * requests - 2e6) / 1e6,
                prices.CLOUDFRONT_FUNCTION,
            ),
            line("KeyValueStore, million reads", max(0, requests - 2e6) / 1e6, prices.KEY_VALUE_STORE_READ),
            line(
                "KeyValueStore, 1,000 calls by deploys",
                usage.deploys * _CALLS_PER_DEPLOY / 1000,
                prices.KEY_VALUE_STORE_CALL,
            ),
        ]
        lines += _fallback(template, requests * usage.missed)
        if "AWS::Logs::Delivery" in kinds:
            logged = requests * _LOGGED_BYTES / GB
            lines.append(line("Access logs kept a month, GB", logged, prices.S3_STORAGE))
        lines += _firewall(kinds, requests)
        return lines
    if "Custom::CDKBucketDeployment" in kinds:
        return [
            *_storage(usage),
            line("S3 reads", requests / 1000, prices.S3_GET),
            line("S3 transfer, GB", max(0.0, gigabytes - 100), prices.S3_TRANSFER_OUT),
        ]
    # "Elastic Load Balancing Pricing": one capacity unit is 25 new connections a second.
    capacity = usage.visits / _SECONDS_PER_MONTH / 25 * HOURS_PER_MONTH
    logged = usage.visits * usage.log_bytes_per_visit / GB
    return [
        line("Load balancer capacity", capacity, prices.LOAD_BALANCER_CAPACITY),
        *_serverless_requests(template, usage.visits),
        line("Log written, GB", logged, prices.LOG_INGESTION),
        line("Log kept, GB", logged, prices.LOG_STORAGE),
        *_log_on_its_way(kinds, logged),
        *_firewall(kinds, usage.visits),
    ]


def _log_on_its_way(kinds: Set[str], gigabytes: float) -> Iterator[Line]:
    """The log passes a NAT gateway or an endpoint, if there is one, and is most of what does."""
    if "AWS::EC2::NatGateway" in kinds:
        yield line("NAT gateway, GB of log", gigabytes, prices.NAT_DATA)
    if "AWS::EC2::VPCEndpoint" in kinds:
        yield line("Interface endpoints, GB of log", gigabytes, prices.INTERFACE_ENDPOINT_DATA)


def line(what: str, quantity: float, price: Price) -> Line:
    """Of what is priced by the month, or by use."""
    return Line(what, quantity, price, quantity * price.usd)


def always(what: str, count: float, price: Price) -> Line:
    """Of `count` things that are priced by the hour and always run."""
    return Line(what, count, price, count * price.monthly)


def _storage(usage: Usage) -> list[Line]:
    return [line("S3 storage, GB", usage.site_bytes / GB, prices.S3_STORAGE)]


def _firewall(kinds: Set[str], requests: int) -> Iterator[Line]:
    if "AWS::WAFv2::WebACL" in kinds:
        yield line("WAF, million requests", requests / 1e6, prices.WAF_REQUESTS)


def _fallback(template: Template, calls: float) -> Iterator[Line]:
    """The function that answers for what is no file, less what Lambda gives away each month."""
    (memory,) = (
        each["Properties"]["MemorySize"]
        for each in template["Resources"].values()
        if str(each.get("Properties", {}).get("Handler", "")).endswith("fallback.handler.handle")
    )
    seconds = calls * _FALLBACK_SECONDS * memory / 1024
    yield line("Lambda, million calls for what is no file", max(0, calls - 1e6) / 1e6, prices.LAMBDA_CALLS)
    yield line("Lambda, GB-seconds of them", max(0, seconds - 400_000), prices.LAMBDA_COMPUTE)


def _serverless_requests(template: Template, visits: int) -> Iterator[Line]:
    """A visit is one command of less than 1 KB, which is one ECPU."""
    for each in template["Resources"].values():
        if each["Type"] == "AWS::ElastiCache::ServerlessCache":
            price = prices.SERVERLESS_ECPUS[each["Properties"]["Engine"]]
            yield line("ElastiCache Serverless, million ECPUs", visits / 1e6, price)


def _service(properties: Properties, template: Template) -> Iterator[Line]:
    task = template["Resources"][properties["TaskDefinition"]["Ref"]]["Properties"]
    count = _least_tasks(template)
    architecture = task["RuntimePlatform"]["CpuArchitecture"]
    cpus, gigabytes = int(task["Cpu"]) / 1024, int(task["Memory"]) / 1024
    spot = _on_spot(properties.get("CapacityProviderStrategy", []), count)
    size = f"{count - spot:g} Fargate tasks, {architecture}"
    yield always(f"{size}: vCPU", (count - spot) * cpus, prices.FARGATE_CPU[architecture])
    yield always(f"{size}: memory, GB", (count - spot) * gigabytes, prices.FARGATE_MEMORY[architecture])
    if spot:
        size = f"{spot:g} Fargate Spot tasks, {architecture}"
        yield always(f"{size}: vCPU", spot * cpus, prices.FARGATE_SPOT_CPU[architecture])
        yield always(f"{size}: memory, GB", spot * gigabytes, prices.FARGATE_SPOT_MEMORY[architecture])
    if properties["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == "ENABLED":
        yield always("Public IPv4 addresses of the tasks", count, prices.PUBLIC_IPV4)


def _on_spot(strategy: Sequence[Properties], tasks: int) -> float:
    """How many of `tasks` run on Fargate Spot on average, by base and weights of a capacity provider strategy."""
    weights = {each["CapacityProvider"]: each["Weight"] for each in strategy}
    beyond = max(0, tasks - sum(each.get("Base", 0) for each in strategy))
    return float(beyond * weights.get("FARGATE_SPOT", 0) / sum(weights.values())) if weights else 0.0


def _least_tasks(template: Template) -> int:
    """Autoscaling's lower bound; raises ValueError unless there is one service with autoscaling."""
    (least,) = (
        int(each["Properties"]["MinCapacity"])
        for each in template["Resources"].values()
        if each["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"
    )
    return least


def _scaling_policy(properties: Properties, _: Template) -> Iterator[Line]:
    tracked = properties["TargetTrackingScalingPolicyConfiguration"]
    given = tracked.get("CustomizedMetricSpecification", {}).get("Metrics", [])
    # "Amazon CloudWatch Pricing": an alarm on an expression is billed for each metric in it.
    metrics = sum("MetricStat" in each for each in given) or 1
    yield line("Alarms of a scaling policy", prices.ALARMS_PER_SCALING_POLICY * metrics, prices.ALARM)


def _load_balancer(properties: Properties, _: Template) -> Iterator[Line]:
    yield always("Application Load Balancer", 1, prices.LOAD_BALANCER)
    if properties["Scheme"] == "internet-facing":
        zones = len(properties["Subnets"])
        yield always("Public IPv4 addresses of the load balancer", zones, prices.PUBLIC_IPV4)


def _redis(properties: Properties, _: Template) -> Iterator[Line]:
    kind, engine = properties["CacheNodeType"], properties["Engine"]
    yield always(
        f"ElastiCache nodes, {engine} on {kind}", properties["NumCacheClusters"], prices.NODE[engine][kind]
    )


def _serverless_cache(properties: Properties, _: Template) -> Iterator[Line]:
    engine = properties["Engine"]
    least = prices.SERVERLESS_LEAST_GB[engine]
    yield always(f"ElastiCache Serverless, {engine}: least data, GB", least, prices.SERVERLESS_DATA[engine])


def _secret(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("Secrets Manager secret", 1, prices.SECRET)


def _nat_gateway(_properties: Properties, _: Template) -> Iterator[Line]:
    yield always("NAT gateway", 1, prices.NAT_GATEWAY)


def _endpoint(properties: Properties, _: Template) -> Iterator[Line]:
    # A gateway endpoint, which S3 has, is free.
    if properties["VpcEndpointType"] == "Interface":
        yield always("Interface endpoint, zones", len(properties["SubnetIds"]), prices.INTERFACE_ENDPOINT)


def _elastic_ip(_properties: Properties, _: Template) -> Iterator[Line]:
    yield always("Public IPv4 address of the NAT gateway", 1, prices.PUBLIC_IPV4)


def _web_acl(properties: Properties, _: Template) -> Iterator[Line]:
    yield line("WAF web ACL", 1, prices.WEB_ACL)
    yield line("WAF rules", len(properties["Rules"]), prices.WAF_RULE)


def _distribution_metrics(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("CloudFront's additional metrics", prices.DISTRIBUTION_METRICS, prices.CUSTOM_METRIC)


def _alarm(properties: Properties, _: Template) -> Iterator[Line]:
    """An alarm on an expression is billed for each metric in it."""
    metrics = [each for each in properties.get("Metrics", ()) if "MetricStat" in each]
    yield line(f"CloudWatch alarm: {properties['AlarmDescription']}", len(metrics) or 1, prices.ALARM)


def _dashboard(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("CloudWatch dashboard", 1, prices.DASHBOARD)


def _key(_properties: Properties, _: Template) -> Iterator[Line]:
    yield line("KMS key", 1, prices.ENCRYPTION_KEY)


_BY_THE_HOUR: Final[Mapping[str, Pricer]] = {
    "AWS::ApplicationAutoScaling::ScalingPolicy": _scaling_policy,
    "AWS::CloudFront::MonitoringSubscription": _distribution_metrics,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::EC2::EIP": _elastic_ip,
    "AWS::EC2::NatGateway": _nat_gateway,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::ECS::Service": _service,
    "AWS::ElastiCache::ReplicationGroup": _redis,
    "AWS::ElastiCache::ServerlessCache": _serverless_cache,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    "AWS::KMS::ReplicaKey": _key,
    "AWS::KMS::Key": _key,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::WAFv2::WebACL": _web_acl,
}
# Billed by what goes through them: see `by_use`. The other Lambdas run for seconds at a deploy.
_BY_USE: Final = frozenset(
    {
        "AWS::CloudFront::Distribution",
        "AWS::CloudFront::Function",
        "AWS::CloudFront::KeyValueStore",
        "AWS::EC2::FlowLog",
        "AWS::ECS::TaskDefinition",
        "AWS::Lambda::Function",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
    }
)
# Cost nothing by themselves.
_FREE: Final = frozenset(
    {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::CertificateManager::Certificate",
        "AWS::CloudFront::OriginAccessControl",
        "AWS::CloudFront::OriginRequestPolicy",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::EC2::InternetGateway",
        "AWS::IAM::ManagedPolicy",
        "AWS::KMS::Alias",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::Route",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::ECS::Cluster",
        "AWS::ECS::ClusterCapacityProviderAssociations",
        "AWS::ElastiCache::ParameterGroup",
        "AWS::ElastiCache::SubnetGroup",
        "AWS::ElastiCache::User",
        "AWS::ElastiCache::UserGroup",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::Logs::Delivery",
        "AWS::Logs::DeliveryDestination",
        "AWS::Logs::DeliverySource",
        "AWS::Route53::RecordSet",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::WAFv2::WebACLAssociation",
        "Custom::CDKBucketDeployment",
        "Custom::S3AutoDeleteObjects",
        "Custom::SiteVersion",
        "Custom::VpcRestrictDefaultSG",
    }
)
SITE_AND_COUNTER: Final = Kinds(_BY_THE_HOUR, _BY_USE, _FREE, "review/cost.py")
