"""What of a deployment is real here: one table, for GET /_local/types, `make up`'s summary and docs/emulator.md."""

from dataclasses import dataclass
from typing import Literal

Support = Literal["native", "api", "recorded"]
"""native: ministack's own handler; api: ours, through ministack's API of that service; recorded: the
properties are checked against AWS's schema and written down, and nothing else happens."""


@dataclass(frozen=True)
class Fidelity:
    """How far a resource type works on this machine.

    Attributes:
        served: whether traffic, code or data really goes through it.
        note: what that means, or what is missing; one sentence.
    """

    served: bool
    note: str


_SERVED = {
    "AWS::ApiGateway::ApiKey": "Asked for where a method requires it.",
    "AWS::ApiGateway::Deployment": "The stage serves what the API was when it was made.",
    "AWS::ApiGateway::Method": "Served, with integrations MOCK, HTTP, Lambda, SQS and EventBridge's PutEvents; of "
    "mapping templates the usual functions alone.",
    "AWS::ApiGateway::Model": "A body that does not fit it is answered with 400 where a validator says so.",
    "AWS::ApiGateway::RequestValidator": "Refuses with 400.",
    "AWS::ApiGateway::Resource": "Served as part of its API.",
    "AWS::ApiGateway::RestApi": "Served by its AWS host name on the gateway's port, plain http; no resource "
    "policy.",
    "AWS::ApiGateway::Stage": "Its throttling answers 429; no cache, no access log, no web ACL in the way.",
    "AWS::ApiGateway::UsagePlan": "Its throttling binds; its quota has not been examined.",
    "AWS::ApiGateway::UsagePlanKey": "A key of the plan is let through.",
    "AWS::Cognito::UserPool": "Customers sign up and in; no mail, no threat protection, no hosted pages to "
    "look at.",
    "AWS::Cognito::UserPoolClient": "Its flows sign in and give tokens.",
    "AWS::DynamoDB::GlobalTable": "Items, and their deletion, are in every region's replica at once; no "
    "conflict can "
    "arise, and capacity does not scale.",
    "AWS::Events::EventBus": "Events reach the rules' targets: buses of any region; SQS, SNS, Lambda and Step "
    "Functions of its own.",
    "AWS::Events::Rule": "Its pattern decides; retries and dead-letter queues of targets do not act.",
    "AWS::KMS::Alias": "Names its key.",
    "AWS::KMS::ReplicaKey": "Decrypts what the primary encrypted, and the other way round.",
    "AWS::CloudFront::CachePolicy": "Decides which header fields, cookies and query strings reach the origin; "
    "nothing is cached, so each request is a miss.",
    "AWS::CloudFront::Distribution": "Served by host name over plain http: behaviours, origins and groups of them, "
    "functions, custom error responses, header policies; no cache, no compression, no TLS, no geography, no WAF.",
    "AWS::CloudFront::Function": "Runs on Node with CloudFront's event; modules crypto, querystring, buffer, and "
    "cloudfront with kvs() alone.",
    "AWS::CloudFront::KeyValueStore": "Functions read it, its API changes it at once; ImportSource is not read.",
    "AWS::CloudFront::OriginAccessControl": "Requests to the bucket carry the distribution as their source, which "
    "the bucket's or function's policy is evaluated with; their signature is not checked.",
    "AWS::CloudFront::OriginRequestPolicy": "Decides what reaches the origin beside the cache key.",
    "AWS::CloudFront::ResponseHeadersPolicy": "Its header fields are on each response.",
    "AWS::DynamoDB::Table": "Items are stored and queried.",
    "AWS::ECR::Repository": "A registry on the gateway's port takes pushes and serves pulls.",
    "AWS::ElasticLoadBalancingV2::Listener": "Its rules are evaluated for requests to the load balancer's name.",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Evaluated in order of priority, also with regular "
    "expressions, on the path as it was sent; its URL and host rewrites applied; of several target groups with "
    "weights the first gets everything.",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Served by host name on the gateway's port, plain http, and by "
    "alias records to distributions and REST APIs; no security group in the way, no access log, no TLS.",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Registered ip targets get the requests; no timed health checks: a "
    "target is healthy while its port accepts connections.",
    "AWS::Lambda::Function": "Python and Node run as processes of this machine; role and memory limit do not bind.",
    "AWS::Lambda::LayerVersion": "Unpacked for the function; /opt is emulated for programs that it starts.",
    "AWS::Lambda::Url": "Answers, also as an origin; with AuthType AWS_IAM only what is signed.",
    "AWS::Logs::LogGroup": "Lambda's logs are stored; retention is not applied.",
    "AWS::S3::Bucket": "Objects, versions, metadata on disk; replicates to a bucket of any region at once, "
    "under the "
    "source's key; encryption, acceleration and lifecycle rules are stored only.",
    "AWS::S3::BucketPolicy": "Evaluated for CloudFront's and anonymous reads; not for callers with credentials.",
    "AWS::SecretsManager::Secret": "Stored and read back in its region and its replicas', in the clear on "
    "this disk; "
    "rotated by its function when RotateSecret is called.",
    "AWS::Pipes::Pipe": "What of a queue or a table's stream passes its filter is on the bus within seconds; "
    "its dead-letter queue and number of attempts do not act.",
    "AWS::ApiGateway::Authorizer": "A request without a token is 401; what of a token is checked has not been "
    "examined.",
    "AWS::SSM::Parameter": "Stored and read back.",
    "AWS::SQS::Queue": "Messages are stored and delivered.",
    "AWS::SNS::Topic": "Messages reach SQS, Lambda and http subscribers; e-mail goes nowhere.",
    "AWS::StepFunctions::StateMachine": "Executions run.",
    "AWS::KMS::Key": "Encrypts through its API; other services' data is not encrypted with it.",
}

_ON_PAPER = {
    "AWS::AccessAnalyzer::Analyzer": "Recorded; finds nothing.",
    "AWS::Backup::RestoreTestingPlan": "Recorded; nothing is restored.",
    "AWS::Backup::RestoreTestingSelection": "Recorded; nothing is restored.",
    "AWS::CloudFront::MonitoringSubscription": "Recorded; there are no metrics.",
    "AWS::Cognito::UserPoolReplica": "Recorded; the pool is in its own region alone.",
    "AWS::Config::ConfigRule": "Recorded; nothing is evaluated.",
    "AWS::Config::ConfigurationRecorder": "Recorded; no configuration is.",
    "AWS::Config::DeliveryChannel": "Recorded; nothing is delivered.",
    "AWS::EC2::LaunchTemplate": "Stored; no machine is started.",
    "AWS::GuardDuty::Detector": "Recorded; finds nothing.",
    "AWS::Logs::LogAnomalyDetector": "Recorded; finds nothing.",
    "AWS::Route53::DNSSEC": "Recorded; nothing is signed.",
    "AWS::Route53::KeySigningKey": "Recorded; nothing is signed.",
    "AWS::Route53RecoveryControl::Cluster": "Recorded; there is no endpoint that answers.",
    "AWS::Route53RecoveryControl::ControlPanel": "Recorded; nothing is switched.",
    "AWS::Route53RecoveryControl::RoutingControl": "Recorded; nothing is switched.",
    "AWS::Route53RecoveryControl::SafetyRule": "Recorded; nothing is held against it.",
    "AWS::SecurityHub::Hub": "Recorded; finds nothing.",
    "AWS::SecurityHub::Standard": "Recorded; finds nothing.",
    "AWS::EventSchemas::Registry": "Recorded.",
    "AWS::EventSchemas::Schema": "Recorded; no event is held against it.",
    "AWS::Logs::Delivery": "Recorded; nothing is logged.",
    "AWS::Logs::DeliveryDestination": "Recorded; nothing is logged.",
    "AWS::Logs::DeliverySource": "Recorded; nothing is logged.",
    "AWS::ARCRegionSwitch::Plan": "Recorded; nothing carries it out. ListRoute53HealthChecks answers made-up ids.",
    "AWS::ApiGateway::Account": "Stored; nothing is logged.",
    "AWS::ApiGateway::BasePathMapping": "Stored; nothing resolves the domain name.",
    "AWS::ApiGateway::DomainName": "Stored; no DNS and no TLS.",
    "AWS::ApiGatewayV2::VpcLink": "Recorded; there is no network.",
    "AWS::Backup::BackupPlan": "Stored; nothing is backed up.",
    "AWS::Backup::BackupSelection": "Recorded; nothing is backed up.",
    "AWS::Backup::BackupVault": "Stored; nothing is backed up or copied, and it is not locked.",
    "AWS::Budgets::Budget": "Recorded; nothing is spent.",
    "AWS::CE::AnomalyMonitor": "Recorded; nothing is spent.",
    "AWS::CE::AnomalySubscription": "Recorded; nothing is spent.",
    "AWS::CloudFront::VpcOrigin": "Recorded; the distribution finds the load balancer by its name.",
    "AWS::CloudTrail::Trail": "Recorded; no call is logged.",
    "AWS::CloudWatch::CompositeAlarm": "Recorded; never changes state.",
    "AWS::Cognito::UserPoolDomain": "Stored; no DNS.",
    "AWS::Cognito::UserPoolGroup": "Stored.",
    "AWS::Cognito::UserPoolIdentityProvider": "Recorded; no other identity provider is asked.",
    "AWS::Cognito::UserPoolResourceServer": "Stored.",
    "AWS::EC2::NetworkAclEntry": "Recorded; filters nothing.",
    "AWS::EC2::SubnetNetworkAclAssociation": "Recorded; filters nothing.",
    "AWS::EKS::AccessEntry": "Recorded; there is no Kubernetes.",
    "AWS::EKS::Addon": "Recorded; there is no Kubernetes.",
    "AWS::EKS::FargateProfile": "Recorded; there is no Kubernetes.",
    "AWS::EKS::Nodegroup": "Stored; no machine is started.",
    "AWS::EKS::PodIdentityAssociation": "Recorded; there is no Kubernetes.",
    "AWS::Events::Archive": "Recorded; keeps no event.",
    "AWS::Events::EventBusPolicy": "Recorded; not enforced.",
    "AWS::IAM::OIDCProvider": "Recorded; nobody asks it.",
    "AWS::Logs::MetricFilter": "Stored; whether it counts has not been examined.",
    "AWS::Logs::ResourcePolicy": "Stored; not enforced.",
    "AWS::RDS::DBParameterGroup": "Stored; there is no database.",
    "AWS::RDS::DBSubnetGroup": "Stored; there is no network.",
    "AWS::Route53::HealthCheck": "Listed by Route 53; nothing asks the endpoint, and it is never unhealthy.",
    "AWS::SQS::QueuePolicy": "Stored; not enforced.",
    "AWS::SSM::Document": "Recorded; is not run.",
    "AWS::SSM::MaintenanceWindow": "Recorded; never opens.",
    "AWS::SSM::MaintenanceWindowTask": "Recorded; is not run.",
    "AWS::SSM::PatchBaseline": "Recorded; nothing is patched.",
    "AWS::SecretsManager::ResourcePolicy": "Recorded; not enforced.",
    "AWS::SecretsManager::RotationSchedule": "RotateSecret runs the function; no timer does, and the "
    "first rotation, which AWS makes at once, waits.",
    "AWS::Synthetics::Canary": "Recorded; visits nothing.",
    "AWS::WAFv2::LoggingConfiguration": "Recorded; nothing is logged.",
    "AWS::Shield::Protection": "Recorded; nothing is protected, and nothing is committed to.",
    "AWS::WAFv2::WebACLAssociation": "Readable back (GetWebACLForResource); filters nothing.",
    "AWS::XRay::Group": "Recorded; there are no traces.",
    "AWS::XRay::SamplingRule": "Recorded; there are no traces.",
    "AWS::IAM::Role": "Stored; no policy is enforced: each call is allowed.",
    "AWS::IAM::Policy": "Stored; not enforced.",
    "AWS::IAM::ManagedPolicy": "Stored; not enforced.",
    "AWS::IAM::InstanceProfile": "Stored; not enforced.",
    "AWS::Lambda::Permission": "Stored; asked when a distribution calls a function URL, not otherwise.",
    "AWS::CertificateManager::Certificate": "Issued at once, without validation and without a key; no TLS uses it.",
    "AWS::CloudWatch::Alarm": "Stored; changes state by hand (SetAlarmState) or published metrics, and nothing "
    "publishes ECS, ALB or ElastiCache metrics. On an expression: never has data.",
    "AWS::CloudWatch::Dashboard": "Stored; nothing draws it.",
    "AWS::EC2::EIP": "An address on paper; no packet goes through it.",
    "AWS::EC2::FlowLog": "Stored; no traffic is logged.",
    "AWS::EC2::InternetGateway": "Stored; there is no network.",
    "AWS::EC2::NatGateway": "Stored; there is no network.",
    "AWS::EC2::NetworkAcl": "Stored; filters nothing.",
    "AWS::EC2::Route": "Stored; there is no network.",
    "AWS::EC2::RouteTable": "Stored; there is no network.",
    "AWS::EC2::SecurityGroup": "Stored with its rules; filters nothing.",
    "AWS::EC2::SecurityGroupEgress": "Stored in its group; filters nothing.",
    "AWS::EC2::SecurityGroupIngress": "Stored in its group; filters nothing.",
    "AWS::EC2::Subnet": "Stored; there is no network.",
    "AWS::EC2::SubnetRouteTableAssociation": "Stored; there is no network.",
    "AWS::EC2::VPC": "Stored; there is no network.",
    "AWS::EC2::VPCEndpoint": "Stored; there is no network.",
    "AWS::EC2::VPCGatewayAttachment": "Stored; there is no network.",
    "AWS::ECS::Cluster": "Stored; runs nothing.",
    "AWS::ECS::Service": "Stored; starts nothing, though its tasks count as running: `make up` reads the "
    "task definition and runs the container or process itself. Circuit breaker and scaling do not act.",
    "AWS::ECS::TaskDefinition": "Stored in full; `make up` starts the application from it.",
    "AWS::ElastiCache::ReplicationGroup": "Its endpoint is the one Redis that the emulator was given: no TLS, no "
    "password, no replica, no failover, no log delivery.",
    "AWS::ElastiCache::CacheCluster": "Its endpoint is the one Redis that the emulator was given.",
    "AWS::ElastiCache::ServerlessCache": "Its endpoint is the one Redis that the emulator was given.",
    "AWS::ElastiCache::User": "Stored; the Redis that the emulator was given knows no users.",
    "AWS::ElastiCache::UserGroup": "Stored; the Redis that the emulator was given knows no users.",
    "AWS::ElastiCache::SubnetGroup": "Stored; there is no network.",
    "AWS::ElastiCache::ParameterGroup": "Stored; the Redis is not configured by it.",
    "AWS::RDS::DBInstance": "Stored, also as a replica of one in another region; there is no database behind its "
    "endpoint.",
    "AWS::RDS::DBCluster": "Stored; there is no database behind its endpoint.",
    "AWS::EKS::Cluster": "Stored; there is no Kubernetes behind its endpoint, and its issuer is made up.",
    "AWS::Route53::HostedZone": "Stored; no DNS server answers for it.",
    "AWS::Route53::RecordSet": "Stored; no DNS server answers for it. Distributions and REST APIs follow alias "
    "records to a load balancer.",
    "AWS::SNS::Subscription": "Stored; served for SQS, Lambda and http, and to an e-mail address nothing goes.",
    "AWS::SNS::TopicPolicy": "Stored; not enforced.",
    "AWS::WAFv2::WebACL": "Stored; blocks nothing.",
    "Custom::AWSCDK-EKS-Cluster": "Recorded; the function that makes the cluster is not run.",
    "Custom::AWSCDK-EKS-FargateProfile": "Recorded; the function that makes the profile is not run.",
    "Custom::AWSCDK-EKS-HelmChart": "Recorded with its values; nothing installs the chart.",
    "Custom::AWSCDK-EKS-KubernetesObjectValue": "Recorded; the value is made up, as there is no object to read.",
    "Custom::AWSCDK-EKS-KubernetesPatch": "Recorded with its patch; nothing applies it.",
    "Custom::AWSCDK-EKS-KubernetesResource": "Recorded with its manifest, which /_local/recorded shows; nothing "
    "applies it.",
    "Custom::AWSCDKOpenIdConnectProvider": "Recorded; its function, which asks the issuer, is not run.",
    "AWS::CDK::Metadata": "A version stamp; AWS does nothing with it either.",
}

_CUSTOM = Fidelity(True, "The stack's own Lambda function runs for it, on this machine.")
_RECORDED = Fidelity(False, "Checked against AWS's schema and recorded; the service does not exist here.")
_UNKNOWN = Fidelity(False, "Stored by the emulator's API; what else of it works has not been examined.")

TABLE: dict[str, Fidelity] = {
    **{name: Fidelity(True, note) for name, note in _SERVED.items()},
    **{name: Fidelity(False, note) for name, note in _ON_PAPER.items()},
}
"""Every type whose behaviour was examined."""

GAPS = (
    (
        "IAM",
        "Stored, not enforced: a missing grant shows on AWS only. `cdk-nag` and the templates' tests look at it.",
    ),
    ("TLS", "None. A distribution is served over plain http; its functions and policies see https."),
    (
        "DNS",
        "None. Browsers resolve `*.localhost` themselves; other clients connect to 127.0.0.1 with a Host field.",
    ),
    ("Network", "None. Subnets, routes and security groups are stored; everything listens on 127.0.0.1."),
    ("Time", "Lifecycle rules, retention, rotation, scheduled scaling and health check timers do not run."),
)
"""What no single type shows: (subject, what is different from AWS)."""


def of(resource_type: str) -> Fidelity:
    """Return how far a CloudFormation resource type works here; an honest default for an unexamined one."""
    custom = resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"
    return TABLE.get(resource_type, _CUSTOM if custom else _UNKNOWN)


def unserved() -> Fidelity:
    """The fidelity of a type that is recorded only."""
    return _RECORDED
