"""How the layer's logs are kept."""

from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.retention import DAYS


@dataclass(frozen=True, slots=True)
class KeptLogs:
    """Encrypted with `key` and kept for `days`, of which CloudWatch takes some numbers only (`DAYS`)."""

    key: kms.IKey
    days: int
    removal_policy: RemovalPolicy

    def group(self, scope: Construct, construct_id: str, name: str) -> logs.LogGroup:
        """The log group `name`."""
        return logs.LogGroup(
            scope,
            construct_id,
            log_group_name=name,
            retention=DAYS[self.days],
            encryption_key=self.key,
            removal_policy=self.removal_policy,
        )
