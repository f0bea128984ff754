"""Which calls an alarm tells of: the list of the CIS AWS Foundations Benchmark. Knows no construct.

Section 4 of version 1.4 (section 3 of 1.2), patterns after "CloudWatch controls" of the AWS Security Hub User
Guide, which looks for exactly these in an account's metric filters.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One kind of call: `pattern` of CloudWatch Logs, `says` what happened."""

    id: str
    says: str
    pattern: str


def _names(*names: str, source: str | None = None) -> str:
    called = " || ".join(f"($.eventName = {name})" for name in names)
    return f"{{ ($.eventSource = {source}) && ({called}) }}" if source else f"{{ {called} }}"


AUDIT_EVENTS: Final = (
    AuditEvent(
        "RootUse",
        "The root user did something",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS '
        '&& $.eventType != "AwsServiceEvent" }',
    ),
    AuditEvent(
        "Unauthorized",
        "Somebody tried what he may not",
        '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    ),
    AuditEvent(
        "NoMfa",
        "Somebody signed in to the console without a second factor",
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") '
        '&& ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    ),
    AuditEvent(
        "SignInFailed",
        "Somebody failed to sign in to the console",
        '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    ),
    AuditEvent(
        "IamPolicy",
        "An IAM policy was changed",
        _names(
            *(f"{verb}{who}Policy" for verb in ("Delete", "Put") for who in ("Group", "Role", "User")),
            *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion"),
            *(f"{verb}{who}Policy" for verb in ("Attach", "Detach") for who in ("Role", "User", "Group")),
            source="iam.amazonaws.com",
        ),
    ),
    AuditEvent(
        "Trail",
        "The audit trail was changed",
        _names(
            "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors"
        ),
    ),
    AuditEvent(
        "KeyLost",
        "A key was disabled or is to be deleted",
        _names("DisableKey", "ScheduleKeyDeletion", source="kms.amazonaws.com"),
    ),
    AuditEvent(
        "BucketPolicy",
        "A bucket's policy was changed",
        _names(
            *(f"PutBucket{what}" for what in ("Acl", "Policy", "Cors", "Lifecycle", "Replication")),
            *(f"DeleteBucket{what}" for what in ("Policy", "Cors", "Lifecycle", "Replication")),
            source="s3.amazonaws.com",
        ),
    ),
    AuditEvent(
        "Config",
        "AWS Config's recording was changed",
        _names(
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
            source="config.amazonaws.com",
        ),
    ),
    AuditEvent(
        "SecurityGroup",
        "A security group was changed",
        _names(
            *(
                f"{verb}SecurityGroup{way}"
                for verb in ("Authorize", "Revoke")
                for way in ("Ingress", "Egress")
            ),
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
    ),
    AuditEvent(
        "NetworkAcl",
        "A network ACL was changed",
        _names(
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
    ),
    AuditEvent(
        "Gateway",
        "A network's gateway was changed",
        _names(
            *("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway"),
            *("CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"),
        ),
    ),
    AuditEvent(
        "RouteTable",
        "A route table was changed",
        _names(
            *("CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation"),
            *("DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"),
            source="ec2.amazonaws.com",
        ),
    ),
    AuditEvent(
        "Vpc",
        "A VPC was changed",
        _names(
            *("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection"),
            *("CreateVpcPeeringConnection", "DeleteVpcPeeringConnection", "RejectVpcPeeringConnection"),
        ),
    ),
)
