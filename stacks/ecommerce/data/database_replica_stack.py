"""EcommerceDatabaseReplica: the orders' read replica of one region."""

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.backups import BACKUPS
from stacks.ecommerce.data.database_base import DatabaseBase
from stacks.ecommerce.data.database_replica import OrdersReplica
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceDatabaseReplica(PlatformStack):
    """Follows the database of the region `source`, which must be there; exposes `address`, for reading until it is
    promoted. The secondary's is the failover's target."""

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        source: Region,
        vpc: ec2.IVpc,
        workload_group: ec2.ISecurityGroup,
        data_key: kms.IKey,
        operations_key: kms.IKey,
    ) -> None:
        super().__init__(
            scope,
            "DatabaseReplica",
            region=region,
            settings=settings,
            purpose=f"read replica of the orders in the {region.role} region {region.name}",
            keeps_data=True,
        )
        size = SIZES[settings.ecommerce_profile]
        removal = removal_policy(settings)
        identifier = names.database(settings.stage)
        replica = OrdersReplica(
            self,
            "Orders",
            identifier=identifier,
            source_region=source.name,
            role=region.role,
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
            key=data_key,
            instance_class=size.database_class_in(region.role),
            max_storage_gb=size.max_storage_gb,
            backups_kept=Duration.days(BACKUPS[settings.ecommerce_profile].point_in_time_days),
            multi_az=size.replica_multi_az(region.role, settings.ecommerce_profile),
            removal_policy=removal,
        ).instance
        self.address: str = replica.db_instance_endpoint_address
