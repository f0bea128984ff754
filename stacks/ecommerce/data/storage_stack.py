"""EcommerceStorage: the buckets of one region."""

from aws_cdk import Aws
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks import provider_logs
from stacks.ecommerce import buckets, names, providers
from stacks.ecommerce.data import assets_readers
from stacks.ecommerce.data.data_bucket import DataBucket
from stacks.ecommerce.log_bucket import LogBucket
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceStorage(PlatformStack):
    """`assets` (product images, pages' files: CloudFront's origin), `uploads` (customers') and `logs`.

    With removal_policy=destroy they are emptied and deleted with the stack.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        data_key: kms.IKey,
        operations_key: kms.IKey,
    ) -> None:
        super().__init__(
            scope,
            "Storage",
            region=region,
            settings=settings,
            purpose=f"buckets of the {region.role} region {region.name}",
            keeps_data=True,
        )
        removal = removal_policy(settings)

        def name(of: str) -> str:
            return names.bucket(of, settings.stage, account=Aws.ACCOUNT_ID, region=region.name)

        self.logs: s3.IBucket = LogBucket(
            self, "Logs", name=name("logs"), of_buckets=True, removal_policy=removal
        ).bucket
        self.assets, self.uploads = (
            DataBucket(
                self,
                of.title(),
                name=name(of),
                key=data_key,
                logs=self.logs,
                uploads=of == buckets.UPLOADS,
                removal_policy=removal,
            ).bucket
            for of in buckets.OF_DATA
        )
        assets_readers.let_distributions_read(self.assets)
        provider_logs.keep_in_stack(
            self, log_retention=log_retention(settings), encryption_key=operations_key
        )
        providers.acknowledge_in_stack(self)
