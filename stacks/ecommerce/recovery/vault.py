"""Where recovery points of one region are kept."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_kms as kms
from constructs import Construct


class Vault(Construct):
    """A vault with the region's data key. Nobody may delete a recovery point from it by hand.

    `locked`: AWS Backup refuses to shorten what is kept, too (governance mode: who may remove the lock still can).
    `kept`: of what is put there, the least. Exposes `vault`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        locked: bool,
        kept: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=name,
            encryption_key=key,
            block_recovery_point_deletion=True,
            lock_configuration=backup.LockConfiguration(min_retention=kept) if locked else None,
            removal_policy=removal_policy,
        )
