"""EcommerceDatabase: the orders' database in the primary region."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.backups import BACKUPS
from stacks.ecommerce.data.database import OrdersDatabase
from stacks.ecommerce.data.database_base import DatabaseBase
from stacks.ecommerce.data.orders_secret import OrdersSecret
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.secret_rotation import SecretRotation
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings

_CODE: Final = Path(__file__).parent / "rotation"


class EcommerceDatabase(PlatformStack):
    """Exposes `address`, a host name that follows a failover between zones, and `secret`, its credentials.

    `replica_keys`: the data keys of the regions that read the secret after a failover, by region.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        vpc: ec2.IVpc,
        workload_group: ec2.ISecurityGroup,
        data_key: kms.IKey,
        operations_key: kms.IKey,
        replica_keys: Mapping[str, kms.IKey],
    ) -> None:
        super().__init__(
            scope,
            "Database",
            region=region,
            settings=settings,
            purpose="PostgreSQL database of the orders",
            keeps_data=True,
        )
        size = SIZES[settings.ecommerce_profile]
        removal = removal_policy(settings)
        identifier = names.database(settings.stage)
        self.secret: secretsmanager.ISecret = OrdersSecret(
            self,
            "Credentials",
            name=names.secret("orders-database", settings.stage),
            key=data_key,
            replica_keys=replica_keys,
            removal_policy=removal,
        ).secret
        instance = OrdersDatabase(
            self,
            "Orders",
            identifier=identifier,
            base=DatabaseBase(
                self,
                "Base",
                identifier=identifier,
                vpc=vpc,
                workload_group=workload_group,
                operations_key=operations_key,
                log_retention=log_retention(settings),
                removal_policy=removal,
            ),
            vpc=vpc,
            secret=self.secret,
            key=data_key,
            instance_class=size.database_class_in(region.role),
            storage_gb=size.storage_gb,
            max_storage_gb=size.max_storage_gb,
            backups_kept=Duration.days(BACKUPS[settings.ecommerce_profile].point_in_time_days),
            removal_policy=removal,
        ).instance
        SecretRotation(
            self,
            "Rotation",
            folder=_CODE,
            handler="database.handle",
            of="password of the database",
            target=identifier,
            secret=self.secret,
            key=data_key,
            operations_key=operations_key,
            may=[
                iam.PolicyStatement(
                    actions=["rds:DescribeDBInstances", "rds:ModifyDBInstance"],
                    resources=[instance.instance_arn],
                )
            ],
            after=[instance],
            # Not while the stack is made: what would fail it is what has only just been made.
            at_once=False,
            log_retention=log_retention(settings),
            removal_policy=removal,
        )
        self.address: str = instance.db_instance_endpoint_address
