"""What is watched of a region's cluster, database, tables, cache and queues."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.ecommerce.operations import metrics
from stacks.ecommerce.operations.watch import MINUTE, Watch

DatabaseRole = Literal["writer", "replica"]

_GIB: Final = 1024**3
# A third of the fifteen minutes of orders that the document allows to be lost ("RTO/RPO").
_LAG_SECONDS: Final = 300


def of_cluster(stage: str | None) -> list[Watch]:
    """Nodes that fail or are full; pods are seen where customers see them (request_signals.py)."""
    return [
        Watch(
            "FailedNodes",
            metrics.cluster("cluster_failed_node_count", "Maximum", stage=stage),
            0,
            says="A node of the cluster has failed",
            why="Its pods move to others, which have to have room",
            runbook="cluster",
            periods=5,
            datapoints=5,
        ),
        Watch(
            "BusyNodes",
            metrics.cluster("node_cpu_utilization", "Average", stage=stage),
            85,
            says="The nodes use more than 85 % of their CPU",
            why="Autoscaling does not keep up, or has reached its most",
            runbook="cluster",
            periods=10,
            datapoints=10,
        ),
        Watch(
            "FullNodes",
            metrics.cluster("node_memory_utilization", "Average", stage=stage),
            90,
            says="The nodes use more than 90 % of their memory",
            why="Pods are about to be evicted",
            runbook="cluster",
            periods=10,
            datapoints=10,
        ),
    ]


def of_database(stage: str | None, role: DatabaseRole) -> list[Watch]:
    """The orders' database, and how far a replica is behind."""
    found = [
        Watch(
            "DatabaseCpu",
            metrics.database("CPUUtilization", "Average", stage=stage),
            85,
            says="The database uses more than 85 % of its CPU",
            why="Orders queue up behind it",
            runbook="database",
            periods=10,
            datapoints=8,
        ),
        Watch(
            "DatabaseStorage",
            metrics.database("FreeStorageSpace", "Minimum", stage=stage),
            5 * _GIB,
            says="The database has less than 5 GiB left",
            why="It stops taking orders when there are none",
            runbook="database",
            side="below",
        ),
        Watch(
            "DatabaseMemory",
            metrics.database("FreeableMemory", "Minimum", stage=stage),
            0.1 * _GIB,
            says="The database has less than 100 MiB of memory left",
            why="It swaps, or is restarted",
            runbook="database",
            side="below",
            periods=5,
            datapoints=5,
        ),
    ]
    if role == "replica":
        found.append(
            Watch(
                "ReplicaLag",
                metrics.database("ReplicaLag", "Maximum", stage=stage),
                _LAG_SECONDS,
                says=f"The replica is more than {_LAG_SECONDS} s behind",
                why="A failover now would lose the orders of that time: the document allows 15 minutes",
                runbook="database",
                periods=5,
                datapoints=5,
                # no replication has no lag to report
                silence="ill",
            )
        )
    return found


def of_tables(stage: str | None, tables: Iterable[str], others: Iterable[str]) -> list[Watch]:
    """Throttled requests, and how long the other regions wait for a write."""
    found = []
    for of in tables:
        throttled = {
            kind: metrics.table(of, f"{kind.title()}ThrottleEvents", "Sum", stage=stage)
            for kind in ("read", "write")
        }
        found.append(
            Watch(
                f"Throttled-{of}",
                cloudwatch.MathExpression(
                    expression="FILL(read, 0) + FILL(write, 0)",
                    using_metrics=throttled,
                    label="throttled",
                    period=MINUTE,
                ),
                0,
                says=f"Requests to the table {of} are throttled",
                why="Customers' carts fail now and then",
                runbook="tables",
                datapoints=2,
            )
        )
        found += [
            Watch(
                f"Replication-{of}-{other}",
                metrics.table(of, "ReplicationLatency", "Average", stage=stage, receiver=other),
                60_000,
                says=f"Writes to the table {of} take more than a minute to {other}",
                why="A customer who is moved there misses what he put in his cart",
                runbook="tables",
                periods=5,
                datapoints=5,
            )
            for other in others
        ]
    return found


def of_cache(nodes: Sequence[str]) -> list[Watch]:
    """The checkout's cache: the fullest and the busiest of its nodes."""

    def worst(name: str) -> cloudwatch.MathExpression:
        return cloudwatch.MathExpression(
            expression="MAX(METRICS())",
            using_metrics={f"n{at}": metrics.cache(node, name, "Maximum") for at, node in enumerate(nodes)},
            label=f"{name}, worst node",
            period=MINUTE,
        )

    return [
        Watch(
            "CacheMemory",
            worst("DatabaseMemoryUsagePercentage"),
            80,
            says="A node of the checkout's cache is more than 80 % full",
            why="It will refuse or forget checkouts",
            runbook="cache",
        ),
        Watch(
            "CacheCpu",
            worst("EngineCPUUtilization"),
            85,
            says="A node of the checkout's cache uses more than 85 % of its one core",
            why="Every checkout waits for it",
            runbook="cache",
            periods=5,
            datapoints=5,
        ),
        Watch(
            "CacheEvictions",
            worst("Evictions"),
            0,
            says="The checkout's cache throws out entries that have not expired",
            why="Customers lose a checkout that they are in the middle of",
            runbook="cache",
        ),
    ]


def of_queues(stage: str | None, *, consumed: Iterable[str], dead: Iterable[str]) -> list[Watch]:
    """Messages that nobody fetches, and those that nobody could take; queues by what waits in them."""
    found = [
        Watch(
            f"Old-{of}",
            metrics.queue("ApproximateAgeOfOldestMessage", of, "Maximum", stage=stage),
            Duration.hours(1).to_seconds(),
            says=f"A message has waited for more than an hour in {of}",
            why="Orders are not packed",
            runbook="events",
        )
        for of in consumed
    ]
    found += [
        Watch(
            f"Dead-{of}",
            metrics.queue("ApproximateNumberOfMessagesVisible", of, "Maximum", stage=stage),
            0,
            says=f"There is a message in {of}",
            why="An event was not delivered, and waits for somebody for 14 days",
            runbook="events",
            periods=1,
            datapoints=1,
        )
        for of in dead
    ]
    return found
