"""How big the data layer is in each profile. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.topology import Role


class DataSize(BaseModel):
    """One size.

    `database_class`: of the writer and of the secondary's replica, which has to carry the writes after a failover:
    a smaller one would fall behind, and then fail under them. `reader_class`: of the tertiary's replica.
    `storage_gb`: gp3, where the database starts; it grows by itself to `max_storage_gb`.
    `cache_node`, `cache_replicas`, `cache_shards`: of each region's cache; shards only in cluster mode, as the
    replicas of each.
    `max_reads`, `max_writes`: request units a second where the table starts to throttle, a guard of the bill.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_class: str
    reader_class: str
    storage_gb: int
    max_storage_gb: int
    cache_node: str
    cache_replicas: int
    cache_shards: int
    max_reads: int
    max_writes: int

    def database_class_in(self, role: Role) -> str:
        """The class of the instance in a region of this role."""
        return self.reader_class if role == "tertiary" else self.database_class

    def replica_multi_az(self, role: Role, profile: ProfileName) -> bool:
        """Whether the replica has a standby in another zone: the failover target, unless money matters most.

        Without it a promoted instance can be given one at any time, without downtime ("Converting a DB instance
        to a Multi-AZ deployment"); the runbook of a failover has to.
        """
        return role == "secondary" and profile != "demo"


SIZES: Final[Mapping[ProfileName, DataSize]] = {
    # The smallest Graviton class. It has Multi-AZ, and with PostgreSQL also Performance Insights, which MariaDB and
    # MySQL do not have on it ("Amazon RDS DB engine, Region, and instance class support for Database Insights").
    # 1 GiB of memory is for about a hundred connections.
    "demo": DataSize(
        database_class="t4g.micro",
        reader_class="t4g.micro",
        storage_gb=20,
        max_storage_gb=100,
        cache_node="cache.t4g.micro",
        cache_replicas=1,
        cache_shards=1,
        max_reads=500,
        max_writes=250,
    ),
    "standard": DataSize(
        database_class="m7g.large",
        reader_class="m7g.large",
        storage_gb=100,
        max_storage_gb=1000,
        cache_node="cache.m7g.large",
        cache_replicas=1,
        cache_shards=2,
        max_reads=5000,
        max_writes=2500,
    ),
    # 400 GB: from there on gp3 has 12,000 IOPS and 500 MB/s without extra cost ("Amazon RDS DB instance storage").
    "peak": DataSize(
        database_class="r7g.4xlarge",
        reader_class="r7g.2xlarge",
        storage_gb=400,
        max_storage_gb=4000,
        cache_node="cache.r7g.xlarge",
        cache_replicas=2,
        cache_shards=3,
        max_reads=40000,
        max_writes=20000,
    ),
}
