"""What ElastiCache logs of a cache: slow commands, and what the engine does."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


class CacheLogs(Construct):
    """A log group for each of the two logs; exposes `deliveries`, for a replication group."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.deliveries: Sequence[elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty] = [
            elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty(
                log_type=log_type,
                log_format="json",
                destination_type="cloudwatch-logs",
                destination_details=elasticache.CfnReplicationGroup.DestinationDetailsProperty(
                    cloud_watch_logs_details=elasticache.CfnReplicationGroup.CloudWatchLogsDestinationDetailsProperty(
                        log_group=logs.LogGroup(
                            self,
                            log_type.title().replace("-", ""),
                            encryption_key=key,
                            retention=retention,
                            removal_policy=removal_policy,
                        ).log_group_name
                    )
                ),
            )
            for log_type in ("slow-log", "engine-log")
        ]
