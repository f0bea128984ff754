"""EcommerceKeys: the keys of one region."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.data_key import DataKey
from stacks.ecommerce.security.operations_key import OperationsKey
from stacks.ecommerce.topology import Region
from stacks.retention import removal_policy
from stacks.settings import Settings


class EcommerceKeys(PlatformStack):
    """The keys of `region`: `data_key` for what customers leave, `operations_key` for logs, messages and events.

    `primary`: the primary's stack, whose data key this region's is a replica of; none in the primary itself.
    """

    def __init__(
        self, scope: Construct, *, region: Region, settings: Settings, primary: "EcommerceKeys | None"
    ) -> None:
        super().__init__(
            scope,
            "Keys",
            region=region,
            settings=settings,
            purpose=f"encryption keys of the {region.role} region {region.name}",
        )
        removal = removal_policy(settings)
        self.data_key: kms.IKey = DataKey(
            self,
            "Data",
            alias=names.data_key_alias(settings.stage),
            replica_of=primary.data_key.key_arn if primary else None,
            regions=[each.name for each in settings.ecommerce_topology.regions],
            removal_policy=removal,
        ).key
        self.operations_key: kms.IKey = OperationsKey(
            self,
            "Operations",
            alias=names.operations_key_alias(settings.stage),
            trail_arn=self.format_arn(
                service="cloudtrail",
                region=settings.ecommerce_topology.primary.name,
                resource="trail",
                resource_name=names.trail(settings.stage),
            ),
            removal_policy=removal,
        ).key
