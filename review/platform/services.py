"""The services of the architecture document: what each is for, and which resources of the templates it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from review.platform.templates import Resource, Templates, in_order, resources
from stacks.ecommerce.parts import Layer

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """A row of the table.

    `why`: what it is chosen for, in a few words. `kinds`: its CloudFormation types; those that end in `*` begin so.
    `only`: what a resource of these types must be besides. `setting`: without which it is not there. `folder`: its
    layer's, below stacks/ecommerce.
    """

    layer: Layer
    name: str
    why: str
    kinds: tuple[str, ...]
    only: Callable[[Properties], bool] = lambda _: True
    setting: str | None = None

    @property
    def folder(self) -> str:
        """Where it is made, from the checkout."""
        return f"stacks/ecommerce/{self.layer}"

    def has(self, resource: Resource) -> bool:
        """Whether `resource` is of this service."""
        return any(
            resource.kind.startswith(kind[:-1]) if kind.endswith("*") else resource.kind == kind
            for kind in self.kinds
        ) and self.only(resource.properties)


def _is(**wanted: object) -> Callable[[Properties], bool]:
    return lambda properties: all(properties.get(name) == value for name, value in wanted.items())


# The first row that a resource fits is its own: what is special stands before what is general.
SERVICES: Final = (
    Service(
        "network",
        "VPC endpoints",
        "S3 and DynamoDB without NAT; the other services' as a setting",
        ("AWS::EC2::VPCEndpoint",),
    ),
    Service("network", "Flow logs", "who spoke to whom, for an investigation", ("AWS::EC2::FlowLog",)),
    Service(
        "network",
        "Network ACL",
        "a second line before customers' data",
        ("AWS::EC2::NetworkAcl*", "AWS::EC2::SubnetNetworkAclAssociation"),
    ),
    Service(
        "network",
        "Security groups",
        "who may open which connection",
        ("AWS::EC2::SecurityGroup*", "Custom::VpcRestrictDefaultSG"),
    ),
    Service(
        "network",
        "Amazon VPC",
        "three zones, and subnets by who may be reached",
        (
            "AWS::EC2::VPC",
            "AWS::EC2::VPCGatewayAttachment",
            "AWS::EC2::VPCPeeringConnection",
            "AWS::EC2::InternetGateway",
            "AWS::EC2::Subnet",
            "AWS::EC2::SubnetRouteTableAssociation",
            "AWS::EC2::Route",
            "AWS::EC2::RouteTable",
            "AWS::EC2::NatGateway",
            "AWS::EC2::EIP",
        ),
    ),
    Service(
        "compute",
        "EC2 Spot",
        "work that may be interrupted, at a fraction of the price",
        ("AWS::EKS::Nodegroup",),
        _is(CapacityType="SPOT"),
    ),
    Service(
        "compute",
        "EC2, Graviton, on demand",
        "what must not be interrupted, at the better price for its performance",
        ("AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate"),
    ),
    Service(
        "compute",
        "AWS Fargate for EKS",
        "bursts without nodes in reserve",
        ("AWS::EKS::FargateProfile",),
    ),
    Service(
        "compute",
        "Amazon EKS",
        "the shop's services, each scaled by itself",
        (
            "AWS::EKS::Cluster",
            "AWS::EKS::AccessEntry",
            "AWS::EKS::Addon",
            "AWS::EKS::PodIdentityAssociation",
            "AWS::EKS::IdentityProviderConfig",
            "AWS::IAM::OIDCProvider",
            "Custom::AWSCDKOpenIdConnectProvider",
        ),
    ),
    Service(
        "workload",
        "The shop on Kubernetes",
        "manifests and charts: AWS's retail store sample",
        ("Custom::AWSCDK-EKS-*",),
    ),
    Service(
        "traffic",
        "ALB",
        "one balancer, a path for each service",
        ("AWS::ElasticLoadBalancingV2::*",),
    ),
    Service(
        "traffic",
        "Route 53",
        "the nearest region that is well",
        ("AWS::Route53::*",),
    ),
    Service(
        "traffic",
        "CloudFront",
        "static files at the edge, the rest by AWS's own network",
        ("AWS::CloudFront::*",),
    ),
    Service(
        "traffic",
        "API Gateway",
        "throttling, validation, usage plans for partners",
        ("AWS::ApiGateway::*", "AWS::ApiGatewayV2::VpcLink"),
    ),
    Service(
        "traffic",
        "Certificate Manager",
        "TLS at every entrance, renewed by AWS",
        ("AWS::CertificateManager::Certificate",),
    ),
    Service(
        "data",
        "RDS for PostgreSQL, read replicas",
        "orders near the reader, and a writer after a failover",
        ("AWS::RDS::DBInstance",),
        lambda properties: "SourceDBInstanceIdentifier" in properties,
    ),
    Service(
        "data",
        "RDS for PostgreSQL",
        "orders: transactions, a standby in another zone",
        ("AWS::RDS::*",),
    ),
    Service(
        "data",
        "DynamoDB global tables",
        "carts that every region can write",
        ("AWS::DynamoDB::*",),
    ),
    Service(
        "data",
        "ElastiCache for Redis",
        "checkout's state in memory, in several zones",
        ("AWS::ElastiCache::*",),
    ),
    Service(
        "data",
        "S3",
        "images and uploads, replicated; logs",
        ("AWS::S3::*", "Custom::S3AutoDeleteObjects", "Custom::BucketReplication"),
    ),
    Service("security", "AWS WAF", "injection, stolen passwords, floods", ("AWS::WAFv2::*",)),
    Service(
        "security",
        "Shield Advanced",
        "large attacks, with people who help",
        ("AWS::Shield::*",),
        setting="ecommerce_shield_advanced",
    ),
    Service("security", "Cognito", "customers' sign-in: OAuth 2.0, SAML, MFA", ("AWS::Cognito::*",)),
    Service("security", "Secrets Manager", "no password in code; rotation", ("AWS::SecretsManager::*",)),
    Service("security", "KMS", "own keys in each region, their use recorded", ("AWS::KMS::*",)),
    Service(
        "security",
        "IAM boundary",
        "what no role of the platform can ever do",
        ("AWS::IAM::ManagedPolicy",),
        lambda properties: str(properties.get("ManagedPolicyName", "")).endswith("boundary"),
    ),
    Service(
        "security",
        "GuardDuty",
        "signs of an intruder",
        ("AWS::GuardDuty::*",),
        setting="ecommerce_guardduty",
    ),
    Service(
        "security",
        "Security Hub",
        "findings of all tools in one place",
        ("AWS::SecurityHub::*",),
        setting="ecommerce_security_hub",
    ),
    Service(
        "security",
        "AWS Config",
        "what changed, and whether it still obeys",
        ("AWS::Config::*",),
        setting="ecommerce_config",
    ),
    Service(
        "security",
        "IAM Access Analyzer",
        "what is open to another account",
        ("AWS::AccessAnalyzer::*",),
    ),
    Service("recovery", "AWS Backup", "recovery points, copied to another region", ("AWS::Backup::*",)),
    Service(
        "recovery",
        "ARC routing control",
        "a switch that works when a region does not",
        ("AWS::Route53RecoveryControl::*",),
        setting="ecommerce_routing_control",
    ),
    Service(
        "recovery",
        "ARC Region Switch",
        "a failover as a plan that was rehearsed, and the way back",
        ("AWS::ARCRegionSwitch::*", "Custom::RegionSwitchHealthChecks"),
    ),
    Service(
        "recovery",
        "Systems Manager",
        "runbooks, patches, maintenance windows",
        ("AWS::SSM::*",),
    ),
    Service(
        "operations",
        "CloudWatch Synthetics",
        "a customer who never sleeps",
        ("AWS::Synthetics::*",),
    ),
    Service(
        "operations",
        "CloudWatch alarms and dashboards",
        "what the business feels, and who is told",
        ("AWS::CloudWatch::*", "AWS::SNS::*", "AWS::ApplicationInsights::*"),
    ),
    Service(
        "operations",
        "CloudWatch Logs",
        "encrypted, and kept as long as is said",
        ("AWS::Logs::*",),
    ),
    Service("operations", "X-Ray", "one purchase through all services", ("AWS::XRay::*",)),
    Service(
        "cost",
        "Trusted Advisor and Compute Optimizer",
        "what AWS finds too large or unused, told by e-mail",
        ("AWS::Events::Rule",),
        lambda properties: "trustedadvisor" in str(properties) or "compute-optimizer" in str(properties),
    ),
    Service(
        "operations",
        "EventBridge",
        "order events, archived and replicated",
        ("AWS::Events::*", "AWS::EventSchemas::*", "AWS::Pipes::Pipe", "AWS::Scheduler::*", "AWS::SQS::*"),
    ),
    Service("operations", "CloudTrail", "who did what, kept from being altered", ("AWS::CloudTrail::*",)),
    Service(
        "cost",
        "Savings Plans and reservations",
        "whether what was committed is used",
        ("AWS::Budgets::Budget",),
        lambda properties: "SAVINGS_PLANS" in str(properties) or "RI_" in str(properties),
    ),
    Service("cost", "Budgets", "a limit that speaks before the bill", ("AWS::Budgets::*",)),
    Service(
        "cost",
        "Cost Explorer",
        "spending that is unlike yesterday's",
        ("AWS::CE::*",),
    ),
    Service(
        "security",
        "IAM roles and policies",
        "each principal what it needs, within the boundary",
        ("AWS::IAM::*",),
    ),
    Service(
        "operations",
        "Functions",
        "what CloudFormation has no resource for; rotation",
        (
            "AWS::Lambda::*",
            "AWS::CloudFormation::CustomResource",
            "Custom::AWS",
            "Custom::AWSCDKCfnJson*",
            "AWS::Serverless::*",
            "AWS::StepFunctions::*",
        ),
    ),
)


def service_of(resource: Resource) -> Service | None:
    """The row that `resource` belongs to."""
    return next((service for service in SERVICES if service.has(resource)), None)


def by_service(templates: Templates) -> dict[str, list[Resource]]:
    """The resources of each service by its name, services without any left out; stacks in their order."""
    found: dict[str, list[Resource]] = {}
    for resource in resources({stack: templates[stack] for stack in in_order(templates)}):
        service = service_of(resource)
        if service:
            found.setdefault(service.name, []).append(resource)
    return found


def without_row(templates: Templates) -> set[str]:
    """The CloudFormation types in the templates that are in no row."""
    return {resource.kind for resource in resources(templates) if service_of(resource) is None}
