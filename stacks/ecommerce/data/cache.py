"""The cache of one region, which holds checkouts that are not finished."""

from collections.abc import Sequence
from typing import Final, Literal

from aws_cdk import CfnUpdatePolicy, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.network import subnets
from stacks.ecommerce.network.isolated_acl import REDIS

ClusterMode = Literal["disabled", "compatible", "enabled"]
# "Engine versions and upgrading in ElastiCache": where it starts; minor versions come by themselves.
_VERSION: Final = "8.2"
_FAMILY: Final = "valkey8"
# NIST 800-53 CP-9 as cdk-nag reads it: 15 at the least.
SNAPSHOTS_KEPT_DAYS: Final = 15


class CheckoutCache(Construct):
    """The document's ElastiCache for Redis: Valkey, which speaks the same protocol for less (docs/decisions/0012).

    A primary and replicas over the zones, TLS required, a user with a password, encrypted at rest, failover by
    itself and a snapshot every day. Without cluster mode `address` is the primary's name, which follows a failover;
    with it the configuration endpoint, which only a client that knows clusters can use: the retail store sample's
    checkout cannot (docs/decisions/0015).

    Full memory evicts what was used longest ago. The sample sets no expiry, so that every checkout that is given up
    would stay for ever, and with an eviction of expiring keys alone the cache would fill up and refuse writes.

    Exposes `address`, and `reader_address`, one name for all replicas (none in cluster mode).
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        group_id: str,
        cluster_mode: ClusterMode,
        node_type: str,
        shards: int,
        replicas: int,
        vpc: ec2.IVpc,
        workload_group: ec2.ISecurityGroup,
        key: kms.IKey,
        user_group_id: str,
        log_deliveries: Sequence[elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Cache of the checkout", allow_all_outbound=False
        )
        security_group.add_ingress_rule(workload_group, ec2.Port.tcp(REDIS), "Nodes and pods of the shop")
        subnet_group = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description="Isolated subnets, in all zones",
            subnet_ids=vpc.select_subnets(subnet_group_name=subnets.ISOLATED).subnet_ids,
        )
        clustered = cluster_mode != "disabled"
        parameters = elasticache.CfnParameterGroup(
            self,
            # The parameter cannot be changed in a group that is used: each mode has its own.
            "ClusterParameters" if clustered else "Parameters",
            cache_parameter_group_family=_FAMILY,
            description="Checkout: what was used longest ago makes room",
            properties={
                "maxmemory-policy": "allkeys-lru",
                "cluster-enabled": "yes" if clustered else "no",
            },
        )
        sharded = cluster_mode == "enabled"
        self._group = elasticache.CfnReplicationGroup(
            self,
            "Group",
            replication_group_id=group_id,
            replication_group_description="Checkouts that are not finished",
            engine="valkey",
            engine_version=_VERSION,
            cache_node_type=node_type,
            cluster_mode=cluster_mode,
            num_cache_clusters=None if sharded else 1 + replicas,
            num_node_groups=shards if sharded else None,
            replicas_per_node_group=replicas if sharded else None,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            cache_subnet_group_name=subnet_group.ref,
            cache_parameter_group_name=parameters.ref,
            security_group_ids=[security_group.security_group_id],
            port=REDIS,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=key.key_arn,
            user_group_ids=[user_group_id],
            auto_minor_version_upgrade=True,
            snapshot_retention_limit=SNAPSHOTS_KEPT_DAYS,
            snapshot_window="03:00-05:00",
            preferred_maintenance_window="tue:06:00-tue:08:00",
            log_delivery_configurations=list(log_deliveries),
        )
        self._group.cfn_options.update_policy = CfnUpdatePolicy(use_online_resharding=True)
        self._group.apply_removal_policy(
            RemovalPolicy.SNAPSHOT if removal_policy == RemovalPolicy.RETAIN else RemovalPolicy.DESTROY
        )
        acknowledge(
            self._group,
            "AwsSolutions-AEC6",
            reason="A user with a password and only the rights that it needs, which the rule does not know: more "
            "than an AUTH token, which opens everything. Without one nobody is let in.",
        )
        self.address: str = (
            self._group.attr_configuration_end_point_address
            if sharded
            else self._group.attr_primary_end_point_address
        )
        self.reader_address: str | None = None if sharded else self._group.attr_reader_end_point_address
