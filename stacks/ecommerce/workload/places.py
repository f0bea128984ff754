"""What a region's shop is told of the other layers. Knows no construct; the texts may be CDK tokens."""

from collections.abc import Mapping
from dataclasses import dataclass

from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.topology import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """One region's.

    `writes`: whether it takes the writes; otherwise the services that write wait with no pods. `database` and
    `cache`: the addresses, without port, and `database_secret` and `cache_secret` the names in Secrets Manager of
    what opens them; without a database the region cannot take writes, and has no services that do. `carts`: the
    table's name. `target_groups`: ARNs by service. `load_balancer_cidrs` and `data_cidrs`: the subnets of load
    balancer, and of database and cache. `order_events`: the queue's name to which orders are told, if there is one.
    `metric_namespace`: CloudWatch's, for the numbers of reports.
    """

    region: Region
    profile: ProfileName
    kubernetes_version: str
    writes: bool
    database: str | None
    database_secret: str
    cache: str | None
    cache_secret: str
    carts: str
    target_groups: Mapping[str, str]
    load_balancer_cidrs: tuple[str, ...]
    data_cidrs: tuple[str, ...]
    metric_namespace: str
    order_events: str | None = None

    @property
    def can_write(self) -> bool:
        """Whether it does, or could after a failover."""
        return self.database is not None and self.cache is not None
