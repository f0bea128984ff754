"""The services whose layer is not there yet; an entry goes when its resources come, and a test asks for it."""

from typing import Final

NOT_BUILT: Final[frozenset[str]] = frozenset(
    {
        "EC2 Spot",
        "EC2, Graviton, on demand",
        "AWS Fargate for EKS",
        "Amazon EKS",
        "The shop on Kubernetes",
        "ALB",
        "Route 53",
        "CloudFront",
        "API Gateway",
        "Certificate Manager",
        "RDS for PostgreSQL, read replicas",
        "RDS for PostgreSQL",
        "DynamoDB global tables",
        "ElastiCache for Redis",
        "S3",
        "AWS WAF",
        "Shield Advanced",
        "Cognito",
        "Secrets Manager",
        "IAM boundary",
        "GuardDuty",
        "Security Hub",
        "AWS Config",
        "AWS Backup",
        "ARC routing control",
        "ARC Region Switch",
        "Systems Manager",
        "CloudWatch Synthetics",
        "CloudWatch alarms and dashboards",
        "X-Ray",
        "Trusted Advisor and Compute Optimizer",
        "EventBridge",
        "CloudTrail",
        "Savings Plans and reservations",
        "Budgets",
        "Cost Explorer",
    }
)
