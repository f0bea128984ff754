"""Redis, where the count lives: an ElastiCache serverless cache."""

from typing import Final, Literal

from aws_cdk import Aws, Fn, Names, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from stacks.counter import redis_password
from stacks.counter.redis import SNAPSHOTS_KEPT_DAYS, Engine

_MAJOR_VERSIONS: Final[dict[Engine, Literal["7", "8"]]] = {"redis": "7", "valkey": "8"}
_USERNAME: Final = "counter"
# Reads and writes, in transactions and scripts, and what a connection needs for them; nothing that lists, empties
# or configures the cache.
RIGHTS: Final = "on ~* -@all +@read +@write +@connection +@transaction +eval -@dangerous"


class CounterServerlessRedis(Construct):
    """A cache without nodes, over several zones, TLS and password required, encrypted at rest, snapshot every day.

    It has no AUTH token, but users ("Role-Based Access Control (RBAC)", Amazon ElastiCache User Guide): `username`
    is the only one that may enter. It is in cluster mode behind one endpoint; a transaction may touch keys of one
    slot only.

    `max_gigabytes`, `max_ecpus_per_second`: where it stops growing, and with it the bill; beyond them it refuses
    writes and throttles. With removal_policy RETAIN a last snapshot is left when it is deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        engine: Engine,
        max_gigabytes: int,
        max_ecpus_per_second: int,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.username: str | None = _USERNAME
        self.password = redis_password.make(self, description="Password of the visitor counter's Redis user")
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Redis of the visitor counter",
            allow_all_outbound=False,
        )
        self._cache = elasticache.CfnServerlessCache(
            self,
            "Cache",
            serverless_cache_name=self._name("cache"),
            description="Visitor counter",
            engine=engine,
            major_engine_version=_MAJOR_VERSIONS[engine],
            subnet_ids=vpc.select_subnets(
                subnet_type=subnets.subnet_type, subnet_group_name=subnets.subnet_group_name
            ).subnet_ids,
            security_group_ids=[self.security_group.security_group_id],
            user_group_id=self._users(engine).ref,
            cache_usage_limits=elasticache.CfnServerlessCache.CacheUsageLimitsProperty(
                data_storage=elasticache.CfnServerlessCache.DataStorageProperty(
                    maximum=max_gigabytes, unit="GB"
                ),
                ecpu_per_second=elasticache.CfnServerlessCache.ECPUPerSecondProperty(
                    maximum=max_ecpus_per_second
                ),
            ),
            snapshot_retention_limit=SNAPSHOTS_KEPT_DAYS,
            final_snapshot_name=self._last_snapshot() if removal_policy == RemovalPolicy.RETAIN else None,
        )
        # CloudFormation makes no snapshot of this type (DeletionPolicy attribute); the name above does.
        self._cache.apply_removal_policy(RemovalPolicy.DESTROY)

    @property
    def nodes(self) -> dict[str, str]:
        """It has none that could be watched."""
        return {}

    @property
    def host(self) -> str:
        """DNS name of the cache."""
        return self._cache.attr_endpoint_address

    def _users(self, engine: Engine) -> elasticache.CfnUserGroup:
        counter = elasticache.CfnUser(
            self,
            "User",
            user_id=self._name("user"),
            user_name=_USERNAME,
            engine=engine,
            access_string=RIGHTS,
            authentication_mode={
                "Type": "password",
                "Passwords": [self.password.secret_value.unsafe_unwrap()],
            },
        )
        users = [counter]
        if engine == "redis":
            # A group of this engine must have a user of this name; who connects without a name would be it. Valkey
            # takes a group without, and then lets nobody in without a name.
            users.append(
                elasticache.CfnUser(
                    self,
                    "NobodyElse",
                    user_id=self._name("default"),
                    user_name="default",
                    engine=engine,
                    access_string="off -@all",
                    authentication_mode={"Type": "no-password-required"},
                )
            )
        return elasticache.CfnUserGroup(
            self,
            "Users",
            user_group_id=self._name("users"),
            engine=engine,
            user_ids=[user.ref for user in users],
        )

    def _name(self, suffix: str) -> str:
        """A name that no other stack of the account has: ElastiCache makes none itself. At most 40 characters."""
        path = Names.unique_resource_name(self, max_length=39 - len(suffix), separator="-")
        return f"{path}-{suffix}".lower()

    def _last_snapshot(self) -> str:
        """A name that no earlier stack of this name has used: it ends in the UUID of the stack's ARN."""
        return f"{self._name('last')}-{Fn.select(2, Fn.split('/', Aws.STACK_ID))}"
