"""EcommerceCache: the cache of one region."""

from pathlib import Path
from typing import Final

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.data.cache import CheckoutCache
from stacks.ecommerce.data.cache_logs import CacheLogs
from stacks.ecommerce.data.cache_user import CacheUser
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.secret_rotation import SecretRotation
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings

_CODE: Final = Path(__file__).parent / "rotation"


class EcommerceCache(PlatformStack):
    """Exposes `address` and `reader_address`, for `rediss://<username>:<password>@<address>:6379`, and `secret`.

    Each region has its own: what is in it is lost when the traffic moves to another, where a customer begins the
    checkout anew with the cart that is there; orders are not in it.
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
    ) -> None:
        super().__init__(
            scope,
            "Cache",
            region=region,
            settings=settings,
            purpose=f"cache of the {region.role} region {region.name}",
            keeps_data=True,
        )
        size = SIZES[settings.ecommerce_profile]
        removal = removal_policy(settings)
        retention = log_retention(settings)
        user_id = names.cache(settings.stage)
        user = CacheUser(
            self,
            "Access",
            user_id=user_id,
            group_id=f"{user_id}-users",
            secret_name=names.secret("checkout-cache", settings.stage),
            key=data_key,
        )
        cache = CheckoutCache(
            self,
            "Checkout",
            group_id=names.cache(settings.stage),
            cluster_mode=settings.ecommerce_cache_cluster_mode,
            node_type=size.cache_node,
            shards=size.cache_shards,
            replicas=size.cache_replicas,
            vpc=vpc,
            workload_group=workload_group,
            key=data_key,
            user_group_id=user.group_id,
            log_deliveries=CacheLogs(
                self, "Logs", key=operations_key, retention=retention, removal_policy=removal
            ).deliveries,
            removal_policy=removal,
        )
        SecretRotation(
            self,
            "Rotation",
            folder=_CODE,
            handler="cache.handle",
            of="password of the cache",
            target=user_id,
            secret=user.secret,
            key=data_key,
            operations_key=operations_key,
            may=[
                iam.PolicyStatement(
                    actions=["elasticache:DescribeUsers", "elasticache:ModifyUser"],
                    resources=[user.user.attr_arn],
                )
            ],
            after=[user.user],
            # Not while the stack is made: what would fail it is what has only just been made.
            at_once=False,
            log_retention=retention,
            removal_policy=removal,
        )
        self.secret: secretsmanager.ISecret = user.secret
        self.address: str = cache.address
        self.reader_address: str | None = cache.reader_address
