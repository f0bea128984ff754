"""List prices that the settings table and the cost report are computed from.

All in US dollars, region us-east-1 (N. Virginia), on demand, Linux, without tax, free tier or savings plan.
The source of each is the service's public price page of that title. They are typed in, as of `AS_OF`, and
nothing checks them against the page: look there before a decision that hangs on one of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

AS_OF: Final = date(2026, 11, 22)
HOURS_PER_MONTH: Final = 730  # the month of AWS's own calculator: 8,760 hours / 12


@dataclass(frozen=True, slots=True)
class Price:
    """One list price: `usd` for one `unit`, from the AWS page `source`."""

    usd: float
    unit: str
    source: str

    @property
    def monthly(self) -> float:
        """US dollars a month of one thing that always runs; raises ValueError if not priced by the hour."""
        if "-hour" not in self.unit:
            raise ValueError(f"{self.usd} USD per {self.unit} says nothing about a month")
        return self.usd * HOURS_PER_MONTH


_FARGATE = "AWS Fargate Pricing"
_ELASTICACHE = "Amazon ElastiCache Pricing, Redis OSS"
_ELASTICACHE_VALKEY = "Amazon ElastiCache Pricing, Valkey"
_LOAD_BALANCING = "Elastic Load Balancing Pricing"
_VPC = "Amazon VPC Pricing"
_PRIVATE_LINK = "AWS PrivateLink Pricing"
_S3 = "Amazon S3 Pricing"
_LAMBDA: Final = "AWS Lambda Pricing"
_CLOUDFRONT = "Amazon CloudFront Pricing, pay as you go"
_WAF = "AWS WAF Pricing"
_CLOUDWATCH = "Amazon CloudWatch Pricing"

FARGATE_CPU: Final = {
    "ARM64": Price(0.03238, "vCPU-hour", _FARGATE),
    "X86_64": Price(0.04048, "vCPU-hour", _FARGATE),
}
FARGATE_MEMORY: Final = {
    "ARM64": Price(0.00356, "GB-hour", _FARGATE),
    "X86_64": Price(0.004445, "GB-hour", _FARGATE),
}
# The page gives the Spot price of the hour, which follows supply and demand, and says "up to 70 %" off: these are
# the prices on demand less 70 %, the least that it can be.
FARGATE_SPOT_CPU: Final = {
    "ARM64": Price(0.009714, "vCPU-hour of Spot at its least", _FARGATE),
    "X86_64": Price(0.012144, "vCPU-hour of Spot at its least", _FARGATE),
}
FARGATE_SPOT_MEMORY: Final = {
    "ARM64": Price(0.001068, "GB-hour of Spot at its least", _FARGATE),
    "X86_64": Price(0.0013335, "GB-hour of Spot at its least", _FARGATE),
}
REDIS_NODE: Final = {
    "cache.t4g.micro": Price(0.016, "node-hour", _ELASTICACHE),
    "cache.t4g.small": Price(0.032, "node-hour", _ELASTICACHE),
    "cache.t4g.medium": Price(0.065, "node-hour", _ELASTICACHE),
    "cache.m7g.large": Price(0.158, "node-hour", _ELASTICACHE),
    "cache.m7g.xlarge": Price(0.315, "node-hour", _ELASTICACHE),
    "cache.r7g.large": Price(0.219, "node-hour", _ELASTICACHE),
    "cache.r7g.xlarge": Price(0.437, "node-hour", _ELASTICACHE),
}
VALKEY_NODE: Final = {
    "cache.t4g.micro": Price(0.0128, "node-hour", _ELASTICACHE_VALKEY),
    "cache.t4g.small": Price(0.0256, "node-hour", _ELASTICACHE_VALKEY),
    "cache.t4g.medium": Price(0.052, "node-hour", _ELASTICACHE_VALKEY),
    "cache.m7g.large": Price(0.1264, "node-hour", _ELASTICACHE_VALKEY),
    "cache.m7g.xlarge": Price(0.252, "node-hour", _ELASTICACHE_VALKEY),
    "cache.r7g.large": Price(0.1752, "node-hour", _ELASTICACHE_VALKEY),
    "cache.r7g.xlarge": Price(0.3496, "node-hour", _ELASTICACHE_VALKEY),
}
NODE: Final = {"redis": REDIS_NODE, "valkey": VALKEY_NODE}
# Both by engine. Metered is at least so much data: GB.
SERVERLESS_DATA: Final = {
    "redis": Price(0.125, "GB-hour", _ELASTICACHE),
    "valkey": Price(0.084, "GB-hour", _ELASTICACHE_VALKEY),
}
SERVERLESS_LEAST_GB: Final = {"redis": 1.0, "valkey": 0.1}
SERVERLESS_ECPUS: Final = {
    "redis": Price(0.0034, "million ECPUs", _ELASTICACHE),
    "valkey": Price(0.0023, "million ECPUs", _ELASTICACHE_VALKEY),
}
LOAD_BALANCER: Final = Price(0.0225, "load-balancer-hour", _LOAD_BALANCING)
LOAD_BALANCER_CAPACITY: Final = Price(0.008, "LCU-hour", _LOAD_BALANCING)
NAT_GATEWAY: Final = Price(0.045, "gateway-hour", _VPC)
NAT_DATA: Final = Price(0.045, "GB", _VPC)
INTERFACE_ENDPOINT: Final = Price(0.01, "endpoint-zone-hour", _PRIVATE_LINK)
INTERFACE_ENDPOINT_DATA: Final = Price(0.01, "GB", _PRIVATE_LINK)
PUBLIC_IPV4: Final = Price(0.005, "address-hour", _VPC)
HOSTED_ZONE: Final = Price(0.50, "hosted zone and month", "Amazon Route 53 Pricing")
WEB_ACL: Final = Price(5.00, "web ACL and month", _WAF)
WAF_RULE: Final = Price(1.00, "rule and month", _WAF)
WAF_REQUESTS: Final = Price(0.60, "million requests", _WAF)
LAMBDA_CALLS: Final = Price(0.20, "million calls after the first million a month", _LAMBDA)
LAMBDA_COMPUTE: Final = Price(0.0000133334, "GB-second of arm64 after the first 400,000 a month", _LAMBDA)
SECRET: Final = Price(0.40, "secret and month", "AWS Secrets Manager Pricing")
LOG_INGESTION: Final = Price(0.50, "GB", _CLOUDWATCH)
LOG_STORAGE: Final = Price(0.03, "GB and month", _CLOUDWATCH)
CUSTOM_METRIC: Final = Price(0.30, "metric and month", _CLOUDWATCH)
ALARM: Final = Price(0.10, "alarm metric and month", _CLOUDWATCH)
# "Target tracking scaling policies" of Application Auto Scaling: each policy makes two alarms, one for either way.
ALARMS_PER_SCALING_POLICY: Final = 2
# Those of the scaling on requests, which watch a second target group.
BLUE_GREEN_ALARMS: Final = ALARMS_PER_SCALING_POLICY * ALARM.usd
ENCRYPTION_KEY: Final = Price(1.00, "key and month", "AWS Key Management Service Pricing")
# "Viewing additional CloudFront distribution metrics": eight, each at the price of a custom metric.
DISTRIBUTION_METRICS: Final = 8
DASHBOARD: Final = Price(3.00, "dashboard and month after the first three of the account", _CLOUDWATCH)
# Alarm metrics of the counter: what visitors notice, the capacity's, and those of one Redis node.
VISIT_ALARM_METRICS: Final = 3
CAPACITY_ALARM_METRICS: Final = 5
REDIS_ALARM_METRICS: Final = 4
SITE_ALARMS: Final = DISTRIBUTION_METRICS * CUSTOM_METRIC.usd + 2 * ALARM.usd + ENCRYPTION_KEY.usd
S3_STORAGE: Final = Price(0.023, "GB and month", _S3)
S3_GET: Final = Price(0.0004, "1,000 requests", _S3)
S3_PUT: Final = Price(0.005, "1,000 requests", _S3)
S3_TRANSFER_OUT: Final = Price(0.09, "GB after the first 100 GB a month", _S3)
CLOUDFRONT_REQUESTS: Final = Price(
    0.0100, "10,000 HTTPS requests after the first 10 million a month", _CLOUDFRONT
)
CLOUDFRONT_TRANSFER: Final = Price(
    0.085, "GB to North America and Europe after the first 1 TB a month", _CLOUDFRONT
)
CLOUDFRONT_FUNCTION: Final = Price(0.10, "million calls after the first 2 million a month", _CLOUDFRONT)
KEY_VALUE_STORE_READ: Final = Price(0.03, "million reads after the first 2 million a month", _CLOUDFRONT)
KEY_VALUE_STORE_CALL: Final = Price(1.00, "1,000 calls of its API", _CLOUDFRONT)


def web_acl(*, rules: int) -> float:
    """US dollars a month of one web ACL with so many rules or rule groups, before requests."""
    return WEB_ACL.usd + rules * WAF_RULE.usd


def counter_alarms(*, redis_nodes: int) -> float:
    """US dollars a month of the alarms that `counter_alarm_email` asks for, with those that a deployment uses."""
    metrics = VISIT_ALARM_METRICS + CAPACITY_ALARM_METRICS + redis_nodes * REDIS_ALARM_METRICS
    return metrics * ALARM.usd + ENCRYPTION_KEY.usd


def fargate_task(cpu_units: int, memory_mib: int, architecture: str, *, spot: bool = False) -> float:
    """US dollars a month of one Fargate task that always runs; `architecture`: ARM64 or X86_64."""
    cpu, memory = (FARGATE_SPOT_CPU, FARGATE_SPOT_MEMORY) if spot else (FARGATE_CPU, FARGATE_MEMORY)
    return cpu_units / 1024 * cpu[architecture].monthly + memory_mib / 1024 * memory[architecture].monthly
