"""EcommerceTables: the DynamoDB global table of the shop, with its replicas."""

from collections.abc import Mapping

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.data.tables import CartTable
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.services import CARTS
from stacks.ecommerce.topology import Region
from stacks.retention import removal_policy
from stacks.settings import Settings


class EcommerceTables(PlatformStack):
    """The carts; a cart is also what the sample has of a session. In the primary's stack, with a replica in each
    region of `replica_keys`, whose data keys they are. Exposes `carts`.

    Of the document's other rows: stock is not in the sample, whose catalog never runs out, and a search index is
    OpenSearch's work; a table that nothing reads would only look like them.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        data_key: kms.IKey,
        replica_keys: Mapping[str, kms.IKey],
    ) -> None:
        super().__init__(
            scope,
            "Tables",
            region=region,
            settings=settings,
            purpose="DynamoDB global table of the carts",
            keeps_data=True,
        )
        size = SIZES[settings.ecommerce_profile]
        self.carts: dynamodb.ITableV2 = CartTable(
            self,
            "Carts",
            name=names.table(CARTS, settings.stage),
            key=data_key,
            replica_keys=replica_keys,
            max_reads=size.max_reads,
            max_writes=size.max_writes,
            insights=settings.ecommerce_table_insights,
            removal_policy=removal_policy(settings),
        ).table
