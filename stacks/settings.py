"""Every setting of every stack: name, legal values, default, unit and what it does to the monthly bill.

CDK context is the only door: `cdk.json` ("context") or `cdk … -c name=value`. `load` reads it once, for
app.py; nothing downstream reads context or the environment again.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from stacks import prices
from stacks.ecommerce.settings import EcommerceSettings
from stacks.github.settings import DeliverySettings
from stacks.setting_fields import (
    DOMAIN,
    DOMAIN_LEGAL,
    NONE_IF_EMPTY,
    WHOLE_NUMBER,
    Effect,
    Flag,
    choices,
    legal_values,
    listed,
)
from stacks.site_hosting.rules import security_headers
from stacks.site_hosting.rules.security_headers import SecurityHeaders
from stacks.site_hosting.rules.urls import TrailingSlash

# "Task definition parameters for Amazon ECS on Fargate", table of task CPU and memory.
FARGATE_MEMORY_MIB: Final[Mapping[int, tuple[int, ...]]] = {
    256: (512, 1024, 2048),
    512: (1024, 2048, 3072, 4096),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
}


# "PutRetentionPolicy" of CloudWatch Logs takes these and no others.
RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]  # fmt: skip


_CERTIFICATE: Final = r"^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[0-9a-f-]{36}$"
_EMAIL: Final = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


# Where CloudFront, which is in no region, keeps what belongs to it: CloudFront Developer Guide, "Configure standard
# logging (v2)" and "Viewing CloudFront and edge function metrics"; AWS WAF Developer Guide, "Setting up AWS WAF".
_ONLY_IN_US_EAST_1: Final = {
    "access_logs": "CloudFront's log deliveries are made there",
    "alarm_email": "CloudFront's metrics are there alone",
    "waf": "web ACLs for CloudFront are made there",
}


# docs/visitor-counter.md, "Measured": requests a second that one task of 0.25 vCPU answered. Autoscaling aims at
# part of it, as for the CPU: the rest is for the minutes until a new task counts.
_MEASURED_REQUESTS_PER_SECOND: Final = 1100
_SHARE_OF_MEASURED: Final = 0.6
# to whole thousands: the measurement is no finer
_REQUESTS_PER_QUARTER_CPU: Final = round(_MEASURED_REQUESTS_PER_SECOND * 60 * _SHARE_OF_MEASURED, -3)


class SettingsError(ValueError):
    """The context holds settings that are not legal; the message has one line for each of them."""


class Settings(DeliverySettings, EcommerceSettings):
    """The validated settings; immutable. Costs are list prices, see stacks/prices.py for sources and date."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    stage: Annotated[
        Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")] | None,
        NONE_IF_EMPTY,
        Field(description="Suffix of every stack's name, for a second copy"),
        Effect(cost="each stage is billed as a copy", legal="a-z, 0-9 and -, at most 20, a letter first"),
    ] = None
    account: Annotated[
        Annotated[str, Field(pattern=r"^\d{12}$")] | None,
        NONE_IF_EMPTY,
        Field(description="AWS account; without it, the one of the credentials at deploy"),
        Effect(cost="none", legal="12 digits"),
    ] = None
    region: Annotated[
        str,
        Field(pattern=r"^[a-z]{2}(-[a-z]+){1,3}-\d$", description="AWS region of both stacks"),
        Effect(cost="others cost up to about 1.6 times us-east-1", legal="a region's code, as eu-central-1"),
    ] = "us-east-1"
    site: Annotated[
        str,
        Field(min_length=1, description="Folder that is published, relative to the project's root"),
        Effect(cost=f"{prices.S3_STORAGE.usd} per GB and month", legal="a folder with an index.html"),
    ] = "site"
    hosting: Annotated[
        Literal["cloudfront", "website"],
        Field(
            description="Private bucket behind CloudFront, or the S3 website endpoint (public bucket, no "
            "HTTPS)"
        ),
        Effect(cost="none: both are billed by use"),
    ] = "cloudfront"
    routing: Annotated[
        Literal["clean-urls", "spa"],
        Field(description="/about is about.html, or every page is index.html (single-page application)"),
        Effect(
            cost=f"CloudFront Function: {prices.CLOUDFRONT_FUNCTION.usd:.2f} per "
            f"{prices.CLOUDFRONT_FUNCTION.unit}"
        ),
    ] = "clean-urls"
    trailing_slash: Annotated[
        TrailingSlash,
        Field(
            description="Whether a page's path ends with a slash: by-file (/about for about.html, /docs/ for "
            "docs/index.html), always or never; the other form redirects"
        ),
        Effect(cost="none"),
    ] = "by-file"
    price_class: Annotated[
        Literal["100", "200", "all"],
        Field(description="CloudFront's edges: North America and Europe, more of the world, or all of it"),
        Effect(cost="transfer from the further edges costs up to 1.4 times as much"),
    ] = "100"
    versions_kept: Annotated[
        int,
        WHOLE_NUMBER,
        Field(ge=2, le=20, description="Versions of the site that `make rollback` can go back to"),
        Effect(cost=f"what differs between them: {prices.S3_STORAGE.usd} per GB and month", unit="versions"),
    ] = 5
    content_security_policy: Annotated[
        str,
        Field(
            pattern=r"^[ -~]*$",
            max_length=1700,
            description="Content-Security-Policy of every page; empty sends none",
        ),
        Effect(cost="none", legal="one line of ASCII, at most 1,700 characters"),
    ] = security_headers.CONTENT_SECURITY_POLICY
    hsts_max_age_days: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=0, le=730, description="How long browsers insist on HTTPS; 0 takes back what they were told"
        ),
        Effect(cost="none", unit="days"),
    ] = 365
    hsts_include_subdomains: Annotated[
        Flag,
        Field(description="The same for every name below the site's own"),
        Effect(cost="none"),
    ] = True
    hsts_preload: Annotated[
        Flag,
        Field(description="Agree to be in the browsers' lists of HTTPS sites, which binds for years"),
        Effect(cost="none"),
    ] = False
    frame_options: Annotated[
        security_headers.FrameOptions,
        Field(description="X-Frame-Options; sameorigin also needs frame-ancestors 'self' in the policy"),
        Effect(cost="none"),
    ] = "deny"
    referrer_policy: Annotated[
        security_headers.ReferrerPolicy,
        Field(description="Referrer-Policy: what a link to another site tells of the page"),
        Effect(cost="none"),
    ] = "strict-origin-when-cross-origin"
    permissions_policy: Annotated[
        str,
        Field(
            pattern=r"^[ -~]*$",
            max_length=1000,
            description="Permissions-Policy: what pages may ask the browser for; empty sends none",
        ),
        Effect(cost="none", legal="one line of ASCII, at most 1,000 characters"),
    ] = security_headers.PERMISSIONS_POLICY
    cross_origin_opener_policy: Annotated[
        security_headers.CrossOriginOpenerPolicy,
        Field(description="Cross-Origin-Opener-Policy: who shares a window's group with the pages"),
        Effect(cost="none"),
    ] = "same-origin"
    domain: Annotated[
        Annotated[str, Field(pattern=DOMAIN, max_length=60)] | None,
        NONE_IF_EMPTY,
        Field(description="The site's own name, which then is its URL; see docs/domain.md"),
        Effect(
            cost="none (certificate and alias records); the domain and its zone are yours",
            legal=DOMAIN_LEGAL,
        ),
    ] = None
    www: Annotated[
        Literal["none", "redirect-to-apex", "redirect-to-www"],
        Field(description="Whether www.<domain> is there too, and which of the two redirects to the other"),
        Effect(cost="none"),
    ] = "none"
    hosted_zone_id: Annotated[
        Annotated[str, Field(pattern=r"^Z[A-Z0-9]{1,31}$")] | None,
        NONE_IF_EMPTY,
        Field(
            description="Route 53 zone of domain and counter_domain, in which records are made; none: DNS is "
            "elsewhere"
        ),
        Effect(
            cost=f"{prices.HOSTED_ZONE.usd:.2f} for the zone, which you have already",
            legal="the zone's id, as Z0123456789ABC",
        ),
    ] = None
    certificate_arn: Annotated[
        Annotated[str, Field(pattern=_CERTIFICATE)] | None,
        NONE_IF_EMPTY,
        Field(description="ACM certificate of the domain; without it one is made, with hosted_zone_id"),
        Effect(cost="none", legal="arn:aws:acm:us-east-1:<account>:certificate/<id>"),
    ] = None
    access_logs: Annotated[
        Flag,
        Field(
            description="Requests at CloudFront, visitors' addresses included, in a bucket for log_retention_days"
        ),
        Effect(cost=f"delivery is free; {prices.S3_STORAGE.usd} per GB and month kept"),
    ] = False
    waf: Annotated[
        Flag,
        Field(description="AWS WAF before the site: three of AWS's managed rule groups and a rate limit"),
        Effect(
            cost=f"{prices.web_acl(rules=4):.2f} (web ACL and 4 rules), {prices.WAF_REQUESTS.usd:.2f} per "
            f"{prices.WAF_REQUESTS.unit}"
        ),
    ] = False
    waf_rate_limit: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=100,
            le=2_000_000_000,
            description="With waf: what one address may ask for before it is blocked",
        ),
        Effect(cost="none", unit="requests in 5 minutes"),
    ] = 2000
    alarm_email: Annotated[
        Annotated[str, Field(pattern=_EMAIL, max_length=254)] | None,
        NONE_IF_EMPTY,
        Field(description="Who gets a mail when the site answers 5xx, or its origin slowly; none: no alarms"),
        Effect(
            cost=f"{prices.SITE_ALARMS:.2f} (8 metrics {8 * prices.CUSTOM_METRIC.usd:.2f}, 2 alarms "
            f"{2 * prices.ALARM.usd:.2f}, key {prices.ENCRYPTION_KEY.usd:.2f})",
            legal="an e-mail address",
        ),
    ] = None
    removal_policy: Annotated[
        Literal["retain", "destroy"],
        Field(description="Whether data (buckets, logs, a last Redis snapshot) outlives a deleted stack"),
        Effect(cost="what is retained is billed until it is deleted by hand"),
    ] = "retain"
    log_retention_days: Annotated[
        RetentionDays,
        WHOLE_NUMBER,
        Field(description="How long logs are kept: containers, flow logs, access logs, deployments"),
        Effect(
            cost=f"{prices.LOG_INGESTION.usd:.2f} per GB written, {prices.LOG_STORAGE.usd} per GB and "
            "month kept",
            unit="days",
        ),
    ] = 30
    visitor_count: Annotated[
        Flag,
        Field(description="The site's /api/* goes to the visitor counter (deploys VisitorCounter first)"),
        Effect(cost="that of VisitorCounter, see docs/cost.md"),
    ] = False
    counter_cpu: Annotated[
        Literal[256, 512, 1024, 2048, 4096],
        WHOLE_NUMBER,
        Field(description="CPU of one counter task"),
        Effect(
            cost=f"{prices.FARGATE_CPU['ARM64'].monthly / 4:.2f} per 256 and task (arm64)",
            unit="1/1024 vCPU",
        ),
    ] = 256
    counter_memory: Annotated[
        int,
        WHOLE_NUMBER,
        Field(description="Memory of one counter task"),
        Effect(
            cost=f"{prices.FARGATE_MEMORY['ARM64'].monthly / 2:.2f} per 512 and task (arm64)",
            unit="MiB",
            legal="what Fargate pairs with counter_cpu: 512, 1024 or 2048 with 256",
        ),
    ] = 512
    counter_architecture: Annotated[
        Literal["arm64", "x86_64"],
        Field(description="Processor of the counter's image and tasks"),
        Effect(cost="x86_64: 1.25 times arm64"),
    ] = "arm64"
    counter_tasks: Annotated[
        int,
        WHOLE_NUMBER,
        Field(ge=1, le=100, description="Counter tasks that always run, spread over two zones"),
        Effect(
            cost=f"{prices.fargate_task(256, 512, 'ARM64'):.2f} per task of the default size", unit="tasks"
        ),
    ] = 2
    counter_max_tasks: Annotated[
        int,
        WHOLE_NUMBER,
        Field(ge=1, le=100, description="Upper bound of the autoscaling"),
        Effect(cost="as counter_tasks, while they run", unit="tasks"),
    ] = 4
    counter_requests_per_task: Annotated[
        Annotated[int, WHOLE_NUMBER, Field(ge=60, le=10_000_000)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Requests in a minute and task at which autoscaling aims, beside 60 % of the CPU: the one "
            f"that wants more tasks wins; none: {_REQUESTS_PER_QUARTER_CPU:,.0f} for each 256 of counter_cpu, "
            f"{_SHARE_OF_MEASURED:.0%} of the {_MEASURED_REQUESTS_PER_SECOND:,} a second that were measured "
            "(docs/visitor-counter.md)"
        ),
        Effect(
            cost=f"{prices.ALARMS_PER_SCALING_POLICY * prices.ALARM.usd:.2f} for alarms; lower: more tasks sooner",
            unit="requests a minute and task",
            legal="60 to 10,000,000",
        ),
    ] = None
    counter_spot_percent: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=0,
            le=99,
            description="Share of the tasks beyond the first that run on Fargate Spot, whence AWS may take them "
            "back with two minutes' notice; the first is always on demand",
        ),
        Effect(
            cost=f"{prices.fargate_task(256, 512, 'ARM64', spot=True):.2f} at the least per task of the default "
            f"size on Spot instead of {prices.fargate_task(256, 512, 'ARM64'):.2f}; the Spot price moves",
            unit="%",
        ),
    ] = 0
    counter_deployment: Annotated[
        Literal["rolling", "blue-green"],
        Field(
            description="How new tasks take over: one by one as they get healthy, or all at once by a blue/green "
            "deployment of ECS; for ten minutes an alarm (counter_alarms_rollback) brings the old ones back"
        ),
        Effect(
            cost=f"blue-green: {prices.BLUE_GREEN_ALARMS:.2f} for alarms, and twice the tasks for the minutes of a "
            "deployment"
        ),
    ] = "rolling"
    counter_exec: Annotated[
        Flag,
        Field(
            description="ECS Exec: a shell in a running task for whom IAM allows it, encrypted with its own key "
            "and recorded in a log"
        ),
        Effect(cost=f"{prices.ENCRYPTION_KEY.usd:.2f} for the key; the log as any other"),
    ] = False
    counter_domain: Annotated[
        Annotated[str, Field(pattern=DOMAIN, max_length=60)] | None,
        NONE_IF_EMPTY,
        Field(
            description="The counter's own name, then served over HTTPS alone; see docs/visitor-counter.md"
        ),
        Effect(
            cost="none (certificate and alias records); the domain and its zone are yours",
            legal=DOMAIN_LEGAL.replace("example.org", "count.example.org"),
        ),
    ] = None
    counter_certificate_arn: Annotated[
        Annotated[str, Field(pattern=_CERTIFICATE)] | None,
        NONE_IF_EMPTY,
        Field(description="ACM certificate of counter_domain; without it one is made, with hosted_zone_id"),
        Effect(cost="none", legal="arn:aws:acm:<region of the stack>:<account>:certificate/<id>"),
    ] = None
    counter_waf: Annotated[
        Flag,
        Field(
            description="AWS WAF before the counter's load balancer: the rules of waf; with visitor_count one "
            "more, which counts by the address that CloudFront forwards"
        ),
        Effect(
            cost=f"{prices.web_acl(rules=4):.2f} (web ACL and 4 rules; with visitor_count 5 rules, "
            f"{prices.web_acl(rules=5):.2f}), {prices.WAF_REQUESTS.usd:.2f} per {prices.WAF_REQUESTS.unit}"
        ),
    ] = False
    counter_waf_rate_limit: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=100,
            le=2_000_000_000,
            description="With counter_waf: what one address may ask for before it is blocked",
        ),
        Effect(cost="none", unit="requests in 5 minutes"),
    ] = 2000
    counter_alarm_email: Annotated[
        Annotated[str, Field(pattern=_EMAIL, max_length=254)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Who gets a mail when the counter fails, is slow or is about to run out of something; "
            "none: no such alarms"
        ),
        Effect(
            cost=f"{prices.counter_alarms(redis_nodes=2):.2f} with one replica: key "
            f"{prices.ENCRYPTION_KEY.usd:.2f}, {prices.ALARM.usd:.2f} per alarm metric (8, and 4 per Redis node), "
            "of which 3 are those of counter_alarms_rollback",
            legal="an e-mail address",
        ),
    ] = None
    counter_alarms_rollback: Annotated[
        Flag,
        Field(
            description="A deployment of the counter is rolled back when its 5xx or its p99 latency set off their "
            "alarms; it takes some minutes longer, in which ECS watches them"
        ),
        Effect(
            cost=f"{prices.VISIT_ALARM_METRICS * prices.ALARM.usd:.2f} (2 alarms on "
            f"{prices.VISIT_ALARM_METRICS} metrics)"
        ),
    ] = True
    counter_dashboard: Annotated[
        Flag,
        Field(description="A CloudWatch dashboard of the counter: traffic, latency, errors, tasks, Redis"),
        Effect(cost=f"{prices.DASHBOARD.usd:.2f}; nothing while the account has three dashboards or fewer"),
    ] = False
    container_insights: Annotated[
        Flag,
        Field(description="CloudWatch Container Insights on the counter's cluster"),
        Effect(cost=f"{prices.CUSTOM_METRIC.usd:.2f} per metric: about 10 for one service"),
    ] = False
    egress: Annotated[
        Literal["public-ip", "nat", "endpoints"],
        Field(
            description="How tasks reach AWS: own public address (nothing but the load balancer may "
            "enter), NAT, or VPC endpoints, from where they reach the services they need and nothing else"
        ),
        Effect(
            cost=f"public-ip: {prices.PUBLIC_IPV4.monthly:.2f} per task; "
            f"nat: {prices.NAT_GATEWAY.monthly + prices.PUBLIC_IPV4.monthly:.2f} and "
            f"{prices.NAT_DATA.usd} per GB; "
            f"endpoints: {4 * 2 * prices.INTERFACE_ENDPOINT.monthly:.2f} (4 in 2 zones; 2 more with counter_exec: "
            f"{6 * 2 * prices.INTERFACE_ENDPOINT.monthly:.2f}) and {prices.INTERFACE_ENDPOINT_DATA.usd} per GB"
        ),
    ] = "public-ip"
    s3_prefix_list: Annotated[
        Annotated[str, Field(pattern=r"^pl-[0-9a-f]{8}([0-9a-f]{9})?$")] | None,
        NONE_IF_EMPTY,
        Field(
            description="With egress=endpoints: the region's prefix list com.amazonaws.<region>.s3 (aws ec2 "
            "describe-managed-prefix-lists), to which the tasks' security group then is limited; none: it allows "
            "port 443 everywhere, though no route leads further than S3"
        ),
        Effect(cost="none", legal="the list's id, as pl-63a5400a"),
    ] = None
    redis_engine: Annotated[
        Literal["redis", "valkey"],
        Field(
            description="ElastiCache's engine: Redis OSS 7, or Valkey 8, which speaks the same protocol. Valkey is "
            "the default as it costs a fifth less a node and a third less serverless; there is no way back to redis"
        ),
        Effect(
            cost=f"per t4g.micro: redis {prices.REDIS_NODE['cache.t4g.micro'].monthly:.2f}, valkey "
            f"{prices.VALKEY_NODE['cache.t4g.micro'].monthly:.2f}"
        ),
    ] = "valkey"
    redis_mode: Annotated[
        Literal["nodes", "serverless"],
        Field(
            description="Nodes of a size that you choose, or a cache that grows by itself up to redis_max_gb and "
            "redis_max_ecpus"
        ),
        Effect(
            cost="serverless, at the least: "
            + ", ".join(
                f"{engine} {prices.SERVERLESS_LEAST_GB[engine] * price.monthly:.2f}"
                for engine, price in prices.SERVERLESS_DATA.items()
            )
            + f"; {prices.SERVERLESS_ECPUS['valkey'].usd} per million requests (valkey)"
        ),
    ] = "nodes"
    redis_node_type: Annotated[
        Literal[
            "cache.t4g.micro",
            "cache.t4g.small",
            "cache.t4g.medium",
            "cache.m7g.large",
            "cache.m7g.xlarge",
            "cache.r7g.large",
            "cache.r7g.xlarge",
        ],
        Field(description="With redis_mode=nodes: ElastiCache node type"),
        Effect(
            cost="per node of valkey: "
            + ", ".join(
                f"{name.removeprefix('cache.')} {price.monthly:.2f}"
                for name, price in prices.VALKEY_NODE.items()
            )
            + "; of redis a quarter more"
        ),
    ] = "cache.t4g.micro"
    redis_replicas: Annotated[
        int,
        WHOLE_NUMBER,
        Field(ge=0, le=5, description="Read replicas; one or more gives Multi-AZ with automatic failover"),
        Effect(cost="one more node each", unit="nodes"),
    ] = 1
    counter_wait_replicas: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=0,
            le=5,
            description="Replicas that must have a visit before its number is shown: it then outlives a failover",
        ),
        Effect(
            cost="none; a visit takes the way to the replicas longer",
            unit="nodes",
            legal="0 to redis_replicas",
        ),
    ] = 0
    redis_max_gb: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=1,
            le=5000,
            description="With redis_mode=serverless: where its data stop growing; a count is bytes",
        ),
        Effect(
            cost=f"caps the data at {prices.SERVERLESS_DATA['valkey'].monthly:.2f} per GB (valkey)", unit="GB"
        ),
    ] = 1
    redis_max_ecpus: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=1000,
            le=15_000_000,
            description="With redis_mode=serverless: ElastiCache processing units a second beyond which it "
            "throttles; a visit is one",
        ),
        Effect(
            cost="caps the requests at "
            f"{prices.HOURS_PER_MONTH * 3.6 * prices.SERVERLESS_ECPUS['valkey'].usd:.2f} per 1,000 (valkey)",
            unit="ECPUs a second",
        ),
    ] = 1000
    nag: Annotated[
        Flag,
        Field(description="cdk-nag's AwsSolutions rules at synth; a finding without a reason stops it"),
        Effect(cost="none"),
    ] = True

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        conflicts = []
        memory = FARGATE_MEMORY_MIB[self.counter_cpu]
        if self.counter_memory not in memory:
            conflicts.append(
                f"setting counter_memory: {self.counter_memory} does not go with "
                f"counter_cpu={self.counter_cpu}; "
                f"legal: {listed(memory)}"
            )
        if self.counter_max_tasks < self.counter_tasks:
            conflicts.append(
                f"setting counter_max_tasks: {self.counter_max_tasks} is less than counter_tasks="
                f"{self.counter_tasks}; legal: {self.counter_tasks} to 100"
            )
        if self.hosting == "website":
            reason = (
                "needs hosting=cloudfront, hosting=website is given: the S3 website endpoint cannot do it"
            )
            edge = {
                "visitor_count": self.visitor_count and "true",
                "routing": self.routing == "spa" and "spa",
                "trailing_slash": self.trailing_slash != "by-file" and self.trailing_slash,
                "domain": self.domain,
                **self._edge_extras(),
            }
            conflicts += [f"setting {name}: {value} {reason}" for name, value in edge.items() if value]
        conflicts += self._task_conflicts()
        conflicts += self._redis_conflicts()
        conflicts += self._header_conflicts()
        conflicts += self._domain_conflicts()
        conflicts += self._counter_domain_conflicts()
        conflicts += self._region_conflicts()
        conflicts += self.ecommerce_conflicts()
        conflicts += self.delivery_conflicts(self.stage)
        if conflicts:
            raise ValueError("\n".join(conflicts))
        return self

    def _task_conflicts(self) -> list[str]:
        conflicts = []
        if self.counter_spot_percent and self.counter_max_tasks == 1:
            conflicts.append(
                f"setting counter_spot_percent: {self.counter_spot_percent} does nothing with counter_max_tasks=1: "
                "the first task is always on demand; give counter_max_tasks of 2 or more, or leave it out"
            )
        if self.s3_prefix_list and self.egress != "endpoints":
            conflicts.append(
                f"setting s3_prefix_list: {self.s3_prefix_list} needs egress=endpoints, {self.egress} is given: "
                "there, tasks reach more than S3; leave it out, or give egress=endpoints"
            )
        return conflicts

    def _redis_conflicts(self) -> list[str]:
        """A setting of the mode that is not chosen would be passed over without a word."""
        of_mode = {
            "nodes": ("redis_node_type", "redis_replicas"),
            "serverless": ("redis_max_gb", "redis_max_ecpus"),
        }
        conflicts = [
            f"setting {name}: {getattr(self, name)} is for redis_mode={mode}, and redis_mode={self.redis_mode} is "
            f"given; leave it out, or give redis_mode={mode}"
            for mode, names in of_mode.items()
            for name in names
            if mode != self.redis_mode and name in self.model_fields_set
        ]
        waits = self.counter_wait_replicas
        if waits and self.redis_mode == "serverless":
            conflicts.append(
                f"setting counter_wait_replicas: {waits} needs redis_mode=nodes, redis_mode=serverless is given, "
                "which has no replicas to wait for; leave it out, or give redis_mode=nodes"
            )
        elif waits > self.redis_replicas:
            conflicts.append(
                f"setting counter_wait_replicas: {waits} is more than redis_replicas={self.redis_replicas}, so no "
                f"visit would ever count; give at most {self.redis_replicas}, or redis_replicas={waits}"
            )
        return conflicts

    @property
    def requests_per_task(self) -> int:
        """Where autoscaling aims, in requests a minute and task."""
        return self.counter_requests_per_task or int(_REQUESTS_PER_QUARTER_CPU * self.counter_cpu / 256)

    @property
    def security_headers(self) -> SecurityHeaders:
        """What every answer of the site says beside its content."""
        return SecurityHeaders(
            content_security_policy=self.content_security_policy,
            hsts_max_age_days=self.hsts_max_age_days,
            hsts_include_subdomains=self.hsts_include_subdomains,
            hsts_preload=self.hsts_preload,
            frame_options=self.frame_options,
            referrer_policy=self.referrer_policy,
            permissions_policy=self.permissions_policy,
            cross_origin_opener_policy=self.cross_origin_opener_policy,
        )

    def _header_conflicts(self) -> list[str]:
        conflicts = []
        if self.trailing_slash != "by-file" and self.routing == "spa":
            conflicts.append(
                f"setting trailing_slash: {self.trailing_slash} does not go with routing=spa, whose paths are "
                "the application's; leave it out"
            )
        # A browser that knows frame-ancestors passes X-Frame-Options over (CSP Level 3, 6.4.2).
        if self.frame_options == "sameorigin" and "frame-ancestors 'none'" in self.content_security_policy:
            conflicts.append(
                "setting frame_options: sameorigin has no effect while content_security_policy says "
                "frame-ancestors 'none'; say frame-ancestors 'self' there"
            )
        # hstspreload.org, "Submission requirements"
        if self.hsts_preload and not (self.hsts_include_subdomains and self.hsts_max_age_days >= 365):
            conflicts.append(
                "setting hsts_preload: true needs hsts_include_subdomains=true and hsts_max_age_days of 365 or "
                f"more, {self.hsts_max_age_days} is given"
            )
        return conflicts

    def _edge_extras(self) -> dict[str, str]:
        """What is on of that which CloudFront has in us-east-1 alone, as text."""
        given = {
            "access_logs": self.access_logs and "true",
            "waf": self.waf and "true",
            "alarm_email": self.alarm_email,
        }
        return {name: value for name, value in given.items() if value}

    def _region_conflicts(self) -> list[str]:
        if self.region == "us-east-1":
            return []
        return [
            f"setting {name}: {value} needs region=us-east-1, {self.region} is given: {_ONLY_IN_US_EAST_1[name]}; "
            f"deploy the site to us-east-1 (it is served from everywhere), or leave {name} out"
            for name, value in self._edge_extras().items()
        ]

    def _domain_conflicts(self) -> list[str]:
        if not self.domain:
            alone = {
                "www": self.www != "none" and self.www,
                "hosted_zone_id": None if self.counter_domain else self.hosted_zone_id,
                "certificate_arn": self.certificate_arn,
            }
            return [
                f"setting {name}: {value} is for a domain, and none is given; give domain too"
                for name, value in alone.items()
                if value
            ]
        conflicts = []
        if self.domain.startswith("www.") and self.www != "none":
            conflicts.append(
                f"setting domain: {self.domain} does not go with www={self.www}, which adds the www. itself; "
                f"give domain={self.domain.removeprefix('www.')}"
            )
        # "Requirements for using SSL/TLS certificates with CloudFront", CloudFront Developer Guide
        if self.certificate_arn:
            region = self.certificate_arn.split(":")[3]
            if region != "us-east-1":
                conflicts.append(
                    f"setting certificate_arn: a certificate of {region} is given, and CloudFront takes "
                    "certificates of us-east-1 only; make or import it in us-east-1"
                )
        elif not self.hosted_zone_id:
            conflicts.append(
                f"setting domain: {self.domain} has no certificate; give certificate_arn (of us-east-1), or "
                "hosted_zone_id, in which one is validated"
            )
        elif self.region != "us-east-1":
            conflicts.append(
                f"setting region: {self.region} is given, a certificate is made in the stack's own region, and "
                "CloudFront takes certificates of us-east-1 only; give certificate_arn, or region=us-east-1"
            )
        return conflicts

    def _counter_domain_conflicts(self) -> list[str]:
        arn = self.counter_certificate_arn
        if not self.counter_domain:
            return (
                [f"setting counter_certificate_arn: {arn} is for counter_domain; give counter_domain too"]
                if arn
                else []
            )
        conflicts = []
        # "SSL certificates for your Application Load Balancer", Elastic Load Balancing
        if arn and (found := arn.split(":")[3]) != self.region:
            conflicts.append(
                f"setting counter_certificate_arn: a certificate of {found} is given, and a load balancer takes "
                f"certificates of its own region only; make or import it in {self.region}"
            )
        if not arn and not self.hosted_zone_id:
            conflicts.append(
                f"setting counter_domain: {self.counter_domain} has no certificate; give counter_certificate_arn "
                f"(of {self.region}), or hosted_zone_id, in which one is validated"
            )
        if self.domain:
            conflicts += self._shared_name_conflicts(self.domain, self.counter_domain)
        return conflicts

    def _shared_name_conflicts(self, domain: str, counter_domain: str) -> list[str]:
        """What keeps the site's and the counter's names apart, and in one zone if there is one."""
        if counter_domain in {domain, *({f"www.{domain}"} if self.www != "none" else ())}:
            return [
                f"setting counter_domain: {counter_domain} is the site's own name (domain={domain}); give another, "
                f"as count.{domain}"
            ]
        if self.hosted_zone_id and domain.split(".")[-2:] != counter_domain.split(".")[-2:]:
            return [
                f"setting counter_domain: {counter_domain} cannot be in the zone of domain={domain}, and "
                f"hosted_zone_id is for both; give a name as count.{domain}"
            ]
        return []


def load(context: Mapping[str, object]) -> Settings:
    """The settings in the CDK context; raises SettingsError if a name, value or combination is not legal.

    Keys of the CDK itself (feature flags, cached look-ups, the CLI's own) are passed over.
    """
    given = {name: value for name, value in context.items() if not _is_cdks_own(name)}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        lines = [
            _line(str(found["loc"][0]), found["input"], found["type"])
            if found["loc"]
            else str(found["ctx"]["error"])
            for found in error.errors()
        ]
    raise SettingsError("\n".join(lines))


def _is_cdks_own(name: str) -> bool:
    """Feature flags (`@aws-cdk/…`), look-ups (`vpc-provider:…`), `aws:cdk:…`, and what the CLI writes into
    cdk.json by itself. None of ours has a colon, an at sign or a hyphen."""
    return ":" in name or name.startswith(("@", "cdk-")) or name == "acknowledged-issue-numbers"


def _line(name: str, value: object, kind: str) -> str:
    where = "(cdk.json context or -c)"
    if kind == "extra_forbidden":
        near = _nearest(name.lower().replace("-", "_"), Settings.model_fields)
        advice = f'did you mean "{near}"?' if near else f"legal: {listed(Settings.model_fields)}"
        return f"setting {_printable(name)}: unknown; {advice} {where}"
    field = Settings.model_fields[name]
    legal = legal_values(field)
    near = _nearest(str(value), [choice for choice in choices(field) if not choice.isdecimal()])
    advice = f'; did you mean "{near}"?' if near else ""
    return f'setting {name}: "{_printable(str(value))}" is not legal; legal: {legal}{advice} {where}'


def _nearest(word: str, words: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.5)), None)


def _printable(text: str, limit: int = 80) -> str:
    """One line whatever was given: control characters escaped, long values cut."""
    shown = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return shown if len(shown) <= limit else shown[:limit] + "…"


if __name__ == "__main__":
    from stacks.settings_table import markdown

    print(markdown(), end="")
