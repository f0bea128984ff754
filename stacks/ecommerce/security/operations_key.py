"""The key of a region's logs, messages and events."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.security.key_statements import PENDING, logs_may_use, no_hasty_deletion

# Who publishes to encrypted topics and queues ("Key management" of the Amazon SNS Developer Guide), encrypts a bus
# or delivers a history, and what each needs beside encrypting and decrypting.
_SERVICES: Final[Mapping[str, tuple[str, ...]]] = {
    "backup": (),
    "budgets": (),
    "cloudwatch": (),
    "config": (),
    "costalerts": (),
    # "Encrypting EventBridge event buses with AWS KMS keys"
    "events": ("kms:DescribeKey",),
    "s3": (),
    "sns": (),
}


class OperationsKey(Construct):
    """A key that CloudWatch Logs and the services of `_SERVICES` may use for this account in this region, each for
    itself and for no other account, and CloudTrail for the trail `trail_arn`. Exposes `key`.

    One key and not one for each group and topic: each costs a dollar a month, and who may read logs is decided at
    the log group.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        trail_arn: str,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        region = Stack.of(self).region
        key = kms.Key(
            self,
            "Key",
            description="Logs, messages and events of the e-commerce platform",
            enable_key_rotation=True,
            alias=alias,
            pending_window=PENDING,
            # Without it nothing can read a log that was kept.
            removal_policy=removal_policy,
        )
        key.add_to_resource_policy(logs_may_use(region, groups="*"))
        for service, more in _SERVICES.items():
            key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey*", *more],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                )
            )
        # "Encrypting CloudTrail log files with AWS KMS keys": for one trail.
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudtrail.amazonaws.com")],
                actions=["kms:DescribeKey", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceArn": trail_arn}},
            )
        )
        key.add_to_resource_policy(no_hasty_deletion())
        # By its ARN: no grant of another stack ends in this policy, which would be a circle.
        self.key: kms.IKey = kms.Key.from_key_arn(self, "ByArn", key.key_arn)
