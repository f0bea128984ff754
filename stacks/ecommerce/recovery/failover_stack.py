"""EcommerceFailover: what a region of the failover pair needs, so that writes can be moved to it or from it."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.cluster_access import ClusterAccess
from stacks.ecommerce.recovery.fence import Fence
from stacks.ecommerce.recovery.region_switch_role import RegionSwitchRole
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceFailover(PlatformStack):
    """The fence of the region's database, and Region Switch's access to the region's cluster.

    `primary`: the primary's stack, which has Region Switch's role; none in the primary itself. Exposes `role`.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        log_key: kms.IKey,
        primary: "EcommerceFailover | None",
    ) -> None:
        super().__init__(
            scope,
            "Failover",
            region=region,
            settings=settings,
            purpose=f"moving writes to or from the {region.role} region {region.name}",
        )
        stage = settings.stage
        if primary is None:
            pair = settings.ecommerce_topology
            self.role: iam.IRole = RegionSwitchRole(
                self,
                "RegionSwitch",
                stage=stage,
                regions=[each.name for each in (pair.primary, pair.secondary) if each],
            ).role
        else:
            self.role = primary.role
            self.add_stack_dependency(primary)
        Fence(
            self,
            "Fence",
            stage=stage,
            log_retention=log_retention(settings),
            log_key=log_key,
            removal_policy=removal_policy(settings),
            region=region.name,
        )
        ClusterAccess(
            self, "ClusterAccess", cluster=names.cluster(stage), role=names.region_switch_role(stage)
        )
