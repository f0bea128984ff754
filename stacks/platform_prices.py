"""List prices of what the e-commerce platform alone uses, as those of stacks/prices.py: US dollars, us-east-1.

Typed in from memory of the pages named, as of `stacks.prices.AS_OF`, and nothing checks them. What they are in the
other regions is in stacks/region_prices.py. A unit names the type where the price is a type's, as two prices with
the same amount, unit and page would be one key of that table.
"""

from typing import Final

from stacks.prices import Price

_EKS: Final = "Amazon EKS Pricing"
_EC2: Final = "Amazon EC2 On-Demand Pricing"
_RDS: Final = "Amazon RDS for PostgreSQL Pricing"
_DYNAMODB: Final = "Amazon DynamoDB Pricing for On-Demand Capacity"
_ROUTE53: Final = "Amazon Route 53 Pricing"
_RECOVERY: Final = "Amazon Application Recovery Controller Pricing"
_CLOUDWATCH: Final = "Amazon CloudWatch Pricing"
_BACKUP: Final = "AWS Backup Pricing"
_API: Final = "Amazon API Gateway Pricing"

CONTROL_PLANE: Final = Price(0.10, "cluster-hour in standard support", _EKS)
EXTENDED_SUPPORT: Final = Price(0.60, "cluster-hour in extended support", _EKS)
NODE: Final = {
    "t4g.large": Price(0.0672, "t4g.large-hour", _EC2),
    "m7g.large": Price(0.0816, "m7g.large-hour", _EC2),
    "m7g.xlarge": Price(0.1632, "m7g.xlarge-hour", _EC2),
    "c7g.xlarge": Price(0.1450, "c7g.xlarge-hour", _EC2),
}
SPOT_AT_LEAST: Final = 0.10
"""Of the price on demand: "Amazon EC2 Spot Pricing" says up to 90 % off, and never is it more than on demand."""
SPOT_NODE: Final = {
    kind: Price(price.usd * SPOT_AT_LEAST, f"{kind}-hour of Spot at its least", _EC2)
    for kind, price in NODE.items()
}
DISK: Final = Price(0.08, "GB of gp3 and month", "Amazon EBS Pricing")

DATABASE: Final = {
    "db.t4g.micro": Price(0.016, "db.t4g.micro-hour", _RDS),
    "db.m7g.large": Price(0.168, "db.m7g.large-hour", _RDS),
    "db.r7g.2xlarge": Price(0.956, "db.r7g.2xlarge-hour", _RDS),
    "db.r7g.4xlarge": Price(1.912, "db.r7g.4xlarge-hour", _RDS),
}
"""In one zone; with a standby in another it is twice that, and so is the storage."""
DATABASE_STORAGE: Final = Price(0.115, "GB of gp3 of a database and month", _RDS)
DATABASE_BACKUP: Final = Price(0.095, "GB beyond the database's size and month", _RDS)

TABLE_WRITES: Final = Price(0.625, "million write request units, in each region", _DYNAMODB)
TABLE_READS: Final = Price(0.125, "million read request units", _DYNAMODB)
TABLE_STORAGE: Final = Price(0.25, "GB of a table after the first 25 and month", _DYNAMODB)
TABLE_BACKUP: Final = Price(0.20, "GB of point-in-time recovery and month", _DYNAMODB)

HEALTH_CHECK: Final = Price(0.50, "health check of an endpoint in AWS and month", _ROUTE53)
HEALTH_CHECK_OPTION: Final = Price(1.00, "HTTPS, string or short interval of one and month", _ROUTE53)
DNS_QUERIES: Final = Price(0.60, "million latency queries", _ROUTE53)
RECOVERY_PLAN: Final = Price(70.00, "plan and month", _RECOVERY)
ROUTING_CONTROLS: Final = Price(2.50, "cluster-hour of routing controls", _RECOVERY)

API_CALLS: Final = Price(3.50, "million calls", _API)
TRANSFER_OUT: Final = Price(0.09, "GB to the internet after the first 100", "Amazon EC2 Data Transfer")
TRANSFER_TO_REGION: Final = Price(0.02, "GB to another region", "Amazon EC2 Data Transfer")
TRANSFER_TO_ZONE: Final = Price(0.01, "GB to another zone, each way", "Amazon EC2 Data Transfer")
BACKUP_STORAGE: Final = Price(0.05, "GB of DynamoDB or S3 and month", _BACKUP)
QUEUE_REQUESTS: Final = Price(0.40, "million requests of a queue after the first", "Amazon SQS Pricing")
KEY_REQUESTS: Final = Price(
    0.03, "10,000 requests after the first 20,000", "AWS Key Management Service Pricing"
)
