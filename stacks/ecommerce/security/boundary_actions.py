"""What the permissions boundary lets pass and what it refuses, as plain data. Knows no construct."""

from typing import Final

ALLOWED: Final = (
    # networks and computers: nodes, pods, their images and load balancers
    *("autoscaling:*", "ec2:*", "ec2messages:*", "ecr:*", "eks:*", "eks-auth:*", "elasticloadbalancing:*"),
    *("acm:DescribeCertificate", "acm:ListCertificates", "ecr-public:GetAuthorizationToken"),
    *("application-autoscaling:*", "lambda:*", "pricing:GetProducts"),
    # what customers leave
    *("backup:*", "backup-storage:*", "dynamodb:*", "elasticache:*", "rds:*", "s3:*"),
    # security
    *("cognito-idp:*", "config:*", "kms:*", "secretsmanager:*", "shield:*", "wafv2:*"),
    # messages, observation and recovery
    *(
        "arc-region-switch:*",
        "cloudwatch:*",
        "events:*",
        "execute-api:Invoke",
        "fis:*",
        "logs:*",
        "route53:*",
    ),
    *(
        "route53-recovery-cluster:*",
        "sns:*",
        "sqs:*",
        "ssm:*",
        "ssmmessages:*",
        "synthetics:*",
        "tag:*",
        "xray:*",
    ),
    *("arc-zonal-shift:*", "ce:Get*", "cloudfront:CreateInvalidation", "compute-optimizer:Get*"),
    *("sts:GetCallerIdentity", "sts:GetServiceBearerToken"),
    # nodes' instance profiles (Karpenter), and roles that are handed on to services
    *("iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile"),
    *("iam:GetInstanceProfile", "iam:GetRole", "iam:ListInstanceProfiles", "iam:PassRole"),
    *("iam:ListAttachedRolePolicies", "iam:RemoveRoleFromInstanceProfile", "iam:TagInstanceProfile"),
    "iam:SimulatePrincipalPolicy",
    "iam:CreateServiceLinkedRole",
)
"""The services that roles of the platform call. What is not here is refused whatever a role's own policies say."""

# An allow-list would do, were it not for resource policies that name a role's session: these pass a boundary that
# does not deny ("Permissions boundaries for IAM entities"). And for the day on which the list grows.
IDENTITIES: Final = (
    *("iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile", "iam:*MFADevice", "iam:*OpenIDConnectProvider*"),
    *("iam:*SAMLProvider*", "iam:*User*", "iam:UpdateAssumeRolePolicy"),
    *("account:*", "organizations:*", "sso:*", "sts:AssumeRole", "sts:GetFederationToken"),
)
"""Identities that outlive a session or come from outside, other roles, and the account itself. Among the
other roles are those of the CDK's bootstrap, which trust the whole account and deploy anything; a role of
the platform gets its session from a service, which asks for it by itself."""

BOUNDED: Final = (
    *("iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"),
)
"""What may be done to a role that has, or gets, this boundary and to no other."""

UNBINDING: Final = ("iam:DeleteRolePermissionsBoundary",)

REWRITING: Final = (
    *(
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
    ),
)
"""What would change the boundary's own text."""

EVIDENCE: Final = (
    *("access-analyzer:DeleteAnalyzer", "cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors"),
    *("cloudtrail:StopLogging", "cloudtrail:UpdateTrail", "config:DeleteConfigurationRecorder"),
    *("config:DeleteDeliveryChannel", "config:PutConfigurationRecorder", "config:StopConfigurationRecorder"),
    *("ec2:DeleteFlowLogs", "guardduty:Delete*", "guardduty:Disassociate*", "guardduty:UpdateDetector"),
    *("logs:DeleteLogGroup", "logs:DeleteLogStream", "securityhub:BatchDisableStandards"),
    *("securityhub:Disable*", "wafv2:DeleteLoggingConfiguration", "wafv2:DisassociateWebACL"),
)
"""What would blind whoever looks into an attack (PCI DSS 4.0, requirements 10.3 and 10.7), or let one in."""

LAST_COPY: Final = (
    *("backup:DeleteBackupVault*", "backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"),
    *("backup:UpdateRecoveryPointLifecycle", "dynamodb:DeleteBackup", "dynamodb:DeleteTable"),
    *("kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy"),
    *("kms:ScheduleKeyDeletion", "rds:DeleteDBInstanceAutomatedBackup", "s3:DeleteBucket"),
)
"""What would take the last copy, or the key to it: ransomware's own list."""

IN_NO_REGION: Final = (
    *("arc-region-switch:*", "iam:*", "route53:*", "route53-recovery-cluster:*", "shield:*", "sts:*"),
    "pricing:GetProducts",
)
"""Services whose requests are counted to a region of AWS's choice ("AWS: Denies access to AWS based on the
requested Region")."""
