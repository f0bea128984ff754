"""What the policies of the platform's keys forbid, whoever may do everything in the account."""

from collections.abc import Iterable
from typing import Final

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam

PENDING: Final = Duration.days(30)
"""The longest that AWS KMS waits before it deletes a key: the time to notice."""


def no_hasty_deletion() -> iam.PolicyStatement:
    """Nobody shortens the wait. What a deleted key has encrypted is gone in every region."""
    return iam.PolicyStatement(
        sid="NoHastyDeletion",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["kms:ScheduleKeyDeletion"],
        resources=["*"],
        conditions={
            "NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": str(PENDING.to_days())}
        },
    )


def no_replica_outside(regions: Iterable[str]) -> iam.PolicyStatement:
    """Nobody has the key's material copied to a region where the platform is not: "Control access to multi-Region
    keys". Customers' data of a region would be readable there."""
    return iam.PolicyStatement(
        sid="NoReplicaElsewhere",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["kms:ReplicateKey"],
        resources=["*"],
        conditions={"StringNotEquals": {"kms:ReplicaRegion": list(regions)}},
    )


def logs_may_use(region: str, *, groups: str) -> iam.PolicyStatement:
    """ "Encrypt log data in CloudWatch Logs using AWS KMS": the service may, for this account's log groups in
    `region` whose names fit `groups`."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(f"logs.{region}.amazonaws.com")],
        actions=["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources=["*"],
        conditions={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": f"arn:{Aws.PARTITION}:logs:{region}:{Aws.ACCOUNT_ID}:"
                f"log-group:{groups}"
            }
        },
    )
