"""Redis, where the count lives: an ElastiCache replication group."""

from typing import Final, Literal

from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from stacks.counter import redis_password
from stacks.counter.contract import REDIS_PORT

Engine = Literal["redis", "valkey"]
# "Engine versions and upgrading in ElastiCache" and "Engine specific parameters", Amazon ElastiCache User Guide:
# version and family of the parameter group. The version is where it starts; minor ones come by themselves.
_VERSIONS: Final[dict[Engine, tuple[str, str]]] = {"redis": ("7.1", "redis7"), "valkey": ("8.2", "valkey8")}
SNAPSHOTS_KEPT_DAYS: Final = 7


class CounterRedis(Construct):
    """One primary and `replicas` replicas, TLS and password required, encrypted at rest, snapshot every day.

    From one replica on they are spread over the zones, and a failed primary is replaced by itself. With
    removal_policy RETAIN, deleting the stack leaves a last snapshot (nodes would go on costing, and would
    hold the network back), with DESTROY nothing.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        engine: Engine,
        node_type: str,
        replicas: int,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.username: str | None = None  # an AUTH token belongs to no user
        self.password = redis_password.make(self, description="Redis AUTH token of the visitor counter")
        version, family = _VERSIONS[engine]
        self._node_count = 1 + replicas
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Redis of the visitor counter",
            allow_all_outbound=False,
        )
        subnet_group = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description="Isolated subnets of the visitor counter",
            subnet_ids=vpc.select_subnets(
                subnet_type=subnets.subnet_type, subnet_group_name=subnets.subnet_group_name
            ).subnet_ids,
        )
        parameters = elasticache.CfnParameterGroup(
            self,
            "Parameters",
            cache_parameter_group_family=family,
            description="Visitor counter: full memory refuses writes",
            # ElastiCache's default evicts keys that expire; a count must never be evicted.
            properties={"maxmemory-policy": "noeviction"},
        )
        self._group = elasticache.CfnReplicationGroup(
            self,
            "Group",
            replication_group_description="Visitor counter",
            engine=engine,
            engine_version=version,
            cache_node_type=node_type,
            num_cache_clusters=self._node_count,
            automatic_failover_enabled=replicas > 0,
            multi_az_enabled=replicas > 0,
            cache_subnet_group_name=subnet_group.ref,
            cache_parameter_group_name=parameters.ref,
            security_group_ids=[self.security_group.security_group_id],
            port=REDIS_PORT,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            auth_token=self.password.secret_value.unsafe_unwrap(),
            auto_minor_version_upgrade=True,
            snapshot_retention_limit=SNAPSHOTS_KEPT_DAYS,
        )
        self._group.apply_removal_policy(
            RemovalPolicy.SNAPSHOT if removal_policy == RemovalPolicy.RETAIN else RemovalPolicy.DESTROY
        )
        if engine == "redis":  # the rule looks at this engine alone
            Validations.of(self._group).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-AEC5",
                    reason="The default port is part of the container's contract; only the tasks' security "
                    "group may connect, so another number would hide nothing.",
                )
            )
        if not replicas:
            Validations.of(self._group).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-AEC4",
                    reason="redis_replicas=0 asks for a single node: half the price, and away while it is "
                    "replaced.",
                )
            )

    @property
    def host(self) -> str:
        """DNS name of the primary; it follows a failover."""
        return self._group.attr_primary_end_point_address

    @property
    def nodes(self) -> dict[str, str]:
        """The cluster id of each node, by a name for it; which is the primary changes with a failover.

        The ids are the group's with a number: "ReplicationGroup", Amazon ElastiCache API Reference.
        """
        return {
            f"Node{number}": f"{self._group.ref}-{number:03}" for number in range(1, 1 + self._node_count)
        }
