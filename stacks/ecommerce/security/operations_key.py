"""The key of a region's logs, messages and events."""

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


class OperationsKey(Construct):
    """A key that CloudWatch Logs, and CloudWatch alarms, EventBridge and S3's and SNS' events of this account may
    use in this region. Exposes `key`.

    One key and not one for each group and topic: each costs a dollar a month, and who may read logs is decided at
    the log group.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, alias: str, removal_policy: RemovalPolicy
    ) -> None:
        super().__init__(scope, construct_id)
        region = Stack.of(self).region
        self.key = kms.Key(
            self,
            "Key",
            description="Logs, messages and events of the e-commerce platform",
            enable_key_rotation=True,
            alias=alias,
            # Without it nothing can read a log that was kept.
            removal_policy=removal_policy,
        )
        # "Encrypt log data in CloudWatch Logs using AWS KMS": for log groups of this account in this region.
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"logs.{region}.amazonaws.com")],
                actions=[
                    "kms:Decrypt*",
                    "kms:Describe*",
                    "kms:Encrypt*",
                    "kms:GenerateDataKey*",
                    "kms:ReEncrypt*",
                ],
                resources=["*"],
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": f"arn:{Aws.PARTITION}:logs:{region}:"
                        f"{Aws.ACCOUNT_ID}:log-group:*"
                    }
                },
            )
        )
        # They publish to encrypted topics and queues: "Key management" of the Amazon SNS Developer Guide.
        for service in ("cloudwatch", "events", "sns", "s3", "budgets", "costalerts", "backup", "config"):
            self.key.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
                    actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                    resources=["*"],
                    conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                )
            )
