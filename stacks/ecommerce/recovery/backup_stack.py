"""EcommerceBackup: recovery points of a region that takes writes, and copies in the other."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_backup as backup
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import buckets, names
from stacks.ecommerce.backups import BACKUPS
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.backup_plan import RegionBackupPlan
from stacks.ecommerce.recovery.restore_test import RestoreTest
from stacks.ecommerce.recovery.vault import Vault
from stacks.ecommerce.services import CARTS
from stacks.ecommerce.topology import Region
from stacks.retention import removal_policy
from stacks.settings import Settings


class EcommerceBackup(PlatformStack):
    """The vault and the plan of `region`; `other`: the region that has the copies, none if there is but one.

    What is backed up goes by names that can be computed, so a failover changes nothing here: either region's plan
    finds its own database, as replica or as writer.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        other: Region | None,
        data_key: kms.IKey,
    ) -> None:
        super().__init__(
            scope,
            "Backup",
            region=region,
            settings=settings,
            purpose=f"backups of the {region.role} region {region.name}",
        )
        size = BACKUPS[settings.ecommerce_profile]
        name = names.backup_vault(settings.stage)
        vault = Vault(
            self,
            "Vault",
            name=name,
            key=data_key,
            locked=settings.ecommerce_vault_lock == "governance",
            kept=Duration.days(size.copies_kept_days),
            removal_policy=removal_policy(settings),
        ).vault
        plan = RegionBackupPlan(
            self,
            "Plan",
            name=name,
            vault=vault,
            copies_to=backup.BackupVault.from_backup_vault_arn(
                self,
                "OtherVault",
                f"arn:{Aws.PARTITION}:backup:{other.name}:{Aws.ACCOUNT_ID}:backup-vault:{name}",
            )
            if other
            else None,
            copies_per_day=size.copies_per_day,
            copies_kept=Duration.days(size.copies_kept_days),
            point_in_time=Duration.days(size.point_in_time_days),
            resources=self._resources(settings.stage),
        )
        if settings.ecommerce_restore_tests:
            RestoreTest(
                self,
                "RestoreTest",
                name=name.replace("-", "_"),
                role=plan.role,
                database=self._database(settings.stage),
            )

    def _database(self, stage: str | None) -> str:
        return f"arn:{Aws.PARTITION}:rds:{self.region}:{Aws.ACCOUNT_ID}:db:{names.database(stage)}"

    def _resources(self, stage: str | None) -> list[str]:
        tables = f"arn:{Aws.PARTITION}:dynamodb:{self.region}:{Aws.ACCOUNT_ID}:table"
        return [
            self._database(stage),
            f"{tables}/{names.table(CARTS, stage)}",
            *(
                f"arn:{Aws.PARTITION}:s3:::"
                + names.bucket(of, stage, account=Aws.ACCOUNT_ID, region=self.region)
                for of in buckets.OF_DATA
            ),
        ]
