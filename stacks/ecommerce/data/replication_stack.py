"""EcommerceReplication: what goes from the buckets of one region to those of the others."""

from collections.abc import Mapping

from aws_cdk import Aws
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import buckets, names
from stacks.ecommerce.data.bucket_replication import Bucket, BucketReplication
from stacks.ecommerce.data.replication_switch import ReplicationSwitch
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention
from stacks.settings import Settings


class EcommerceReplication(PlatformStack):
    """Customers' uploads go from every region to every other; assets from the primary, where they are published.

    `data_keys`: of all regions, this one among them. The buckets of all regions must be there: their names are
    computed here and in EcommerceStorage.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        data_keys: Mapping[str, kms.IKey],
        operations_key: kms.IKey,
    ) -> None:
        super().__init__(
            scope,
            "Replication",
            region=region,
            settings=settings,
            purpose=f"replication of the buckets of the {region.role} region {region.name}",
        )
        switch = ReplicationSwitch(self, "Switch", key=operations_key, log_retention=log_retention(settings))
        for of in buckets.OF_DATA if region.role == "primary" else (buckets.UPLOADS,):
            ends = [
                Bucket(names.bucket(of, settings.stage, account=Aws.ACCOUNT_ID, region=name), name, key)
                for name, key in data_keys.items()
            ]
            source = next(end for end in ends if end.region == region.name)
            replication = BucketReplication(
                self,
                of.title(),
                source=source,
                destinations=[end for end in ends if end is not source],
                time_control=settings.ecommerce_replication_time_control,
            )
            switch.turn_on(of.title(), source=source, replication=replication)
