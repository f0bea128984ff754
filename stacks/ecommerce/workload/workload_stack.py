"""EcommerceWorkload: the shop on Kubernetes, in one region."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.services import CARTS
from stacks.ecommerce.topology import Region
from stacks.ecommerce.workload import shop
from stacks.ecommerce.workload.places import Places
from stacks.ecommerce.workload.pod_roles import PodRoles
from stacks.settings import Settings


class EcommerceWorkload(PlatformStack):
    """The shop's services in `region`, applied to `cluster` in three steps: what pods need, what leads to them, the
    pods themselves. Each step is one request; what a step no longer has, it removes.

    `database`: the address of the region's own instance, the writer or a replica that can become one; none before
    there is one, and in regions that never write. `cache`: the region's. `target_groups` by service.
    `load_balancer_cidrs` and `data_cidrs`: of the subnets of load balancer, and of database and cache.
    `order_events`: the name of the region's queue that orders are told to, encrypted with `operations_key`; the
    queue has to be there before.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        cluster: eks.ICluster,
        kubernetes_version: str,
        data_key: kms.IKey,
        target_groups: Mapping[str, elbv2.IApplicationTargetGroup],
        database: str | None,
        cache: str | None,
        load_balancer_cidrs: Sequence[str],
        data_cidrs: Sequence[str],
        order_events: str | None = None,
        operations_key: kms.IKey | None = None,
    ) -> None:
        super().__init__(
            scope,
            "Workload",
            region=region,
            settings=settings,
            purpose=f"the shop's services in the {region.role} region {region.name}",
        )
        stage = settings.stage
        places = Places(
            region=region,
            profile=settings.ecommerce_profile,
            kubernetes_version=kubernetes_version,
            writes=region.name == settings.ecommerce_writing_region,
            database=database,
            database_secret=names.secret("orders-database", stage),
            cache=cache,
            cache_secret=names.secret("checkout-cache", stage),
            carts=names.table(CARTS, stage),
            target_groups={name: group.target_group_arn for name, group in target_groups.items()},
            load_balancer_cidrs=tuple(load_balancer_cidrs),
            data_cidrs=tuple(data_cidrs),
            metric_namespace=names.metric_namespace(stage),
            order_events=order_events,
        )
        roles = PodRoles(
            self,
            "Roles",
            cluster=cluster,
            cluster_name=names.cluster(stage),
            data_key=data_key,
            carts=places.carts,
            database_secret=places.database_secret,
            cache_secret=places.cache_secret,
            can_write=places.can_write,
            reports=places.can_write and places.writes,
            metric_namespace=places.metric_namespace,
            order_events=order_events,
            queue_key=operations_key,
        )
        before: Construct = roles
        for construct_id, manifests in (
            ("Foundation", shop.foundation(places)),
            ("Entrances", shop.entrances(places)),
            ("Pods", shop.pods(places)),
        ):
            step = eks.KubernetesManifest(self, construct_id, cluster=cluster, manifest=manifests, prune=True)
            step.node.add_dependency(before)
            before = step
