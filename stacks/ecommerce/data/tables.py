"""The carts' global table."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

# What the retail store sample's cart asks for, by these names.
_KEY: Final = "id"
_BY_CUSTOMER: Final = "idx_global_customerId"
_CUSTOMER: Final = "customerId"
# Seconds since 1970; an item without it stays. The sample does not write it: its carts stay until they are bought.
_EXPIRES: Final = "expires"


class CartTable(Construct):
    """The carts, in the stack's region and in those of `replica_keys`, each encrypted with its own region's key.

    Writes are taken in every region, and the last one wins: MREC, eventual consistency. Strong consistency between
    regions (MRSC) was turned down: it takes exactly three regions of one group, and us-east-1, eu-west-1 and
    ap-southeast-1 are in none together, has no TTL, and each write would wait for another continent ("Multi-Region
    strong consistency", Amazon DynamoDB Developer Guide). Payments do not depend on it: orders are in PostgreSQL.
    On demand, up to `max_reads` and `max_writes` units a second of table and index. Exposes `table`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        replica_keys: Mapping[str, kms.IKey],
        max_reads: int,
        max_writes: int,
        insights: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        recovery = dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True, recovery_period_in_days=35
        )
        contributors = dynamodb.ContributorInsightsSpecification(
            enabled=insights, mode=dynamodb.ContributorInsightsMode.THROTTLED_KEYS
        )
        protected = removal_policy == RemovalPolicy.RETAIN
        self.table = dynamodb.TableV2(
            self,
            "Table",
            table_name=name,
            partition_key=dynamodb.Attribute(name=_KEY, type=dynamodb.AttributeType.STRING),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name=_BY_CUSTOMER,
                    partition_key=dynamodb.Attribute(name=_CUSTOMER, type=dynamodb.AttributeType.STRING),
                    max_read_request_units=max_reads,
                    max_write_request_units=max_writes,
                )
            ],
            billing=dynamodb.Billing.on_demand(
                max_read_request_units=max_reads, max_write_request_units=max_writes
            ),
            time_to_live_attribute=_EXPIRES,
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(
                key, {region: replica.key_arn for region, replica in replica_keys.items()}
            ),
            point_in_time_recovery_specification=recovery,
            contributor_insights_specification=contributors,
            deletion_protection=protected,
            replicas=[
                dynamodb.ReplicaTableProps(
                    region=region,
                    point_in_time_recovery_specification=recovery,
                    contributor_insights_specification=contributors,
                    deletion_protection=protected,
                )
                for region in replica_keys
            ],
            removal_policy=removal_policy,
        )
