"""The names that are given to resources, where two of one name cannot be."""

from collections.abc import Mapping
from typing import Final

from review.platform.templates import PLACES, Resource, Templates, resources
from review.platform.text import text_of

# AWS takes two of one name, or they are names within something that has a name of its own.
_NOT_UNIQUE: Final = (
    "AWS::ApiGateway::",
    "AWS::Cognito::UserPool",
    "AWS::EC2::",
    "AWS::EKS::Addon",
    "AWS::EKS::FargateProfile",
    "AWS::EKS::Nodegroup",
    "AWS::EventSchemas::Schema",
    "AWS::IAM::Policy",
    "AWS::Route53::",
    "AWS::SSM::MaintenanceWindow",
    "AWS::SSM::PatchBaseline",
)
# In no region: one name for the account, or for the world.
_GLOBAL: Final = (
    "AWS::CE::",
    "AWS::CloudFront::",
    "AWS::IAM::",
    "AWS::S3::Bucket",
    "AWS::Route53RecoveryControl",
)
_ALSO: Final[Mapping[str, str]] = {
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::ElastiCache::User": "UserId",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}


def names(templates: Templates) -> dict[tuple[str, str, str], list[str]]:
    """Who has each name: by type, region (empty where it is in none) and name, the resources."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for resource in resources(templates):
        name = _name(resource)
        if name is not None:
            region = "" if resource.kind.startswith(_GLOBAL) else PLACES[resource.stack].region
            found.setdefault((resource.kind, region, name), []).append(str(resource))
    return found


def clashes(templates: Templates) -> list[str]:
    """One line for each name that two resources of a type have where only one can."""
    return [
        f"{kind} {name} in {region or 'the account'}: {', '.join(owners)}"
        for (kind, region, name), owners in names(templates).items()
        if len(owners) > 1
    ]


def _name(resource: Resource) -> str | None:
    """The name as far as the template tells; None if AWS makes one, or it is the stack's own anyway."""
    if resource.kind.startswith(_NOT_UNIQUE):
        return None
    last = resource.kind.rpartition("::")[2]
    also = _ALSO.get(resource.kind)
    for candidate in (also, f"{last}Name", f"{last}Id", f"{last}Identifier", "Name"):
        if candidate and candidate in resource.properties:
            name = text_of(resource.stack, resource.properties[candidate])
            return None if f"${{{resource.stack}." in name else name
    return None
