"""Resource types of the e-commerce platform that no hour and no month is billed for."""

from typing import Final

# Billed by what goes through them or is kept in them: docs/cost.md has the prices.
BY_USE: Final = frozenset(
    {
        "AWS::ApiGateway::RestApi",
        "AWS::Backup::BackupPlan",
        "AWS::Backup::BackupVault",
        "AWS::Backup::RestoreTestingPlan",
        "AWS::CloudTrail::Trail",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolReplica",
        "AWS::Config::ConfigRule",
        "AWS::Config::ConfigurationRecorder",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Events::Archive",
        "AWS::Events::EventBus",
        "AWS::GuardDuty::Detector",
        # a custom metric in each hour in which its pattern is found
        "AWS::Logs::MetricFilter",
        "AWS::Pipes::Pipe",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        # automations: the first 100,000 steps of an account are free
        "AWS::SSM::Document",
        "AWS::SecurityHub::Hub",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::XRay::SamplingRule",
        # runs once at a deploy
        "Custom::AWSCDK-EKS-HelmChart",
        "Custom::BucketReplication",
        "Custom::RegionSwitchHealthChecks",
    }
)
# Cost nothing by themselves.
FREE: Final = frozenset(
    {
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::DomainName",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Model",
        "AWS::ApiGateway::RequestValidator",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGateway::UsagePlan",
        "AWS::ApiGatewayV2::VpcLink",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::RestoreTestingSelection",
        # "AWS Budgets Pricing": those that act on something are not, from the third on
        "AWS::Budgets::Budget",
        "AWS::CE::AnomalyMonitor",
        "AWS::CE::AnomalySubscription",
        "AWS::CloudFront::CachePolicy",
        "AWS::Cognito::UserPoolClient",
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolIdentityProvider",
        "AWS::Cognito::UserPoolResourceServer",
        "AWS::Config::DeliveryChannel",
        "AWS::EC2::LaunchTemplate",
        "AWS::EKS::AccessEntry",
        "AWS::EKS::Addon",
        # its pods are billed: review/fargate_pods.py
        "AWS::EKS::FargateProfile",
        "AWS::EKS::PodIdentityAssociation",
        "AWS::EventSchemas::Registry",
        "AWS::EventSchemas::Schema",
        "AWS::Events::EventBusPolicy",
        "AWS::Events::Rule",
        "AWS::IAM::InstanceProfile",
        # part of the log's price
        "AWS::Logs::LogAnomalyDetector",
        "AWS::Logs::ResourcePolicy",
        "AWS::RDS::DBParameterGroup",
        "AWS::RDS::DBSubnetGroup",
        "AWS::Route53::DNSSEC",
        # the key in KMS is a resource of its own
        "AWS::Route53::KeySigningKey",
        # the cluster is billed
        "AWS::Route53RecoveryControl::ControlPanel",
        "AWS::Route53RecoveryControl::RoutingControl",
        "AWS::Route53RecoveryControl::SafetyRule",
        "AWS::SQS::QueuePolicy",
        "AWS::SSM::MaintenanceWindow",
        "AWS::SSM::MaintenanceWindowTask",
        # standard ones
        "AWS::SSM::Parameter",
        "AWS::SSM::PatchBaseline",
        "AWS::SecretsManager::ResourcePolicy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SecurityHub::Standard",
        # the organization's subscription is billed, which is no resource
        "AWS::Shield::Protection",
        "AWS::XRay::Group",
    }
)
