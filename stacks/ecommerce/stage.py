"""Which stacks of the platform there are, in which region, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so; where a name
that both sides compute hides that, the order is said here.

Stacks are made in the order in which they need each other, and not by phase: the distribution, phase 3, is given
the web ACL once phase 4 has one.
"""

from aws_cdk import App
from aws_cdk import aws_kms as kms

from stacks.ecommerce import names
from stacks.ecommerce.compute.cluster_stack import EcommerceCluster
from stacks.ecommerce.cost.cost_stack import EcommerceCost
from stacks.ecommerce.data.cache_stack import EcommerceCache
from stacks.ecommerce.data.database_replica_stack import EcommerceDatabaseReplica
from stacks.ecommerce.data.database_stack import EcommerceDatabase
from stacks.ecommerce.data.replication_stack import EcommerceReplication
from stacks.ecommerce.data.sizes import SIZES
from stacks.ecommerce.data.storage_stack import EcommerceStorage
from stacks.ecommerce.data.tables_stack import EcommerceTables
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.operations.audit_stack import EcommerceAudit
from stacks.ecommerce.operations.canaries_stack import EcommerceCanaries
from stacks.ecommerce.operations.events_stack import EcommerceEvents
from stacks.ecommerce.operations.metrics import cache_nodes
from stacks.ecommerce.operations.monitoring_stack import EcommerceMonitoring
from stacks.ecommerce.parts import GLOBAL
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.backup_stack import EcommerceBackup
from stacks.ecommerce.recovery.failover_stack import EcommerceFailover
from stacks.ecommerce.recovery.recovery_stack import EcommerceRecovery
from stacks.ecommerce.recovery.runbooks_stack import EcommerceRunbooks
from stacks.ecommerce.security.customers_stack import EcommerceCustomers
from stacks.ecommerce.security.detection_stack import EcommerceDetection
from stacks.ecommerce.security.edge_firewall_stack import EcommerceEdgeFirewall
from stacks.ecommerce.security.firewall_stack import EcommerceFirewall
from stacks.ecommerce.security.identity_stack import EcommerceIdentity
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.security.secrets_stack import EcommerceSecrets
from stacks.ecommerce.services import CARTS
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic.api_stack import EcommerceApi
from stacks.ecommerce.traffic.dns_stack import EcommerceDns
from stacks.ecommerce.traffic.edge_stack import EcommerceEdge
from stacks.ecommerce.traffic.load_balancer_stack import EcommerceLoadBalancer
from stacks.ecommerce.traffic.routing_stack import EcommerceRouting
from stacks.ecommerce.workload.workload_stack import EcommerceWorkload
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    _Platform(app, settings)


class _Platform:
    """The stacks; those that others need are kept by the name of their region."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._phase = settings.ecommerce_phase
        self._regions = settings.ecommerce_topology.regions
        self._primary = settings.ecommerce_topology.primary
        self._secondary = settings.ecommerce_topology.secondary
        self._domain = str(settings.ecommerce_domain)
        self._foundation()
        if self._phase >= 2:
            self._core()
        if self._phase >= 3:
            self._data()
        if self._phase >= 4:
            self._watch()
        if self._phase >= 5:
            self._replicas()
            self._failover()
        if self._phase >= 3:
            self._routes()
            self._shop()
        if self._phase >= 4:
            self._protection()
        if self._phase >= 5:
            self._optimization()
        self._behind_the_boundary()

    def _foundation(self) -> None:
        """Phase 1."""
        self._identity = EcommerceIdentity(self._app, region=self._primary, settings=self._settings)
        first = EcommerceKeys(self._app, region=self._primary, settings=self._settings, primary=None)
        self._keys = {self._primary.name: first}
        for region in self._replica_regions():
            self._keys[region.name] = EcommerceKeys(
                self._app, region=region, settings=self._settings, primary=first
            )
        self._dns = EcommerceDns(
            self._app, region=self._primary, settings=self._settings, domain=self._domain, keys=first
        )
        self._networks = {
            region.name: EcommerceNetwork(self._app, region=region, settings=self._settings)
            for region in self._regions
        }

    def _core(self) -> None:
        """Phase 2."""
        self._clusters = {
            region.name: EcommerceCluster(
                self._app,
                region=region,
                settings=self._settings,
                vpc=self._networks[region.name].vpc,
                data_key=self._data_key(region),
                operations_key=self._operations_key(region),
            )
            for region in self._regions
        }
        self._load_balancers = {
            region.name: EcommerceLoadBalancer(
                self._app,
                region=region,
                settings=self._settings,
                domain=self._domain,
                vpc=self._networks[region.name].vpc,
                zone=self._dns.zone,
                workload_group=self._clusters[region.name].workload_group,
                keys=self._keys[region.name],
            )
            for region in self._regions
        }
        for region in self._replica_regions():
            # it reads its replica of the primary's header field, which is encrypted with its own key
            self._load_balancers[region.name].add_stack_dependency(self._load_balancers[self._primary.name])
            self._load_balancers[self._primary.name].add_stack_dependency(self._keys[region.name])
        self._database = EcommerceDatabase(
            self._app,
            region=self._primary,
            settings=self._settings,
            vpc=self._networks[self._primary.name].vpc,
            workload_group=self._clusters[self._primary.name].workload_group,
            data_key=self._data_key(self._primary),
            operations_key=self._operations_key(self._primary),
            replica_keys=self._replica_keys(),
        )
        self._database_addresses = {self._primary.name: self._database.address}

    def _data(self) -> None:
        """Phase 3, what keeps data."""
        self._tables = EcommerceTables(
            self._app,
            region=self._primary,
            settings=self._settings,
            data_key=self._data_key(self._primary),
            replica_keys=self._replica_keys(),
        )
        self._caches = {
            region.name: EcommerceCache(
                self._app,
                region=region,
                settings=self._settings,
                vpc=self._networks[region.name].vpc,
                workload_group=self._clusters[region.name].workload_group,
                data_key=self._data_key(region),
                operations_key=self._operations_key(region),
            )
            for region in self._regions
        }
        self._storages = [
            EcommerceStorage(
                self._app,
                region=region,
                settings=self._settings,
                data_key=self._data_key(region),
                operations_key=self._operations_key(region),
            )
            for region in self._regions
        ]

    def _replicas(self) -> None:
        """Phase 5, what replicates data."""
        for region in self._replica_regions():
            replica = EcommerceDatabaseReplica(
                self._app,
                region=region,
                settings=self._settings,
                source=self._primary,
                vpc=self._networks[region.name].vpc,
                workload_group=self._clusters[region.name].workload_group,
                data_key=self._data_key(region),
                operations_key=self._operations_key(region),
            )
            replica.add_stack_dependency(self._database)  # RDS makes a replica of what is there
            self._database_addresses[region.name] = replica.address
        if not self._replica_regions():
            return
        for region in self._regions:
            replication = EcommerceReplication(
                self._app,
                region=region,
                settings=self._settings,
                data_keys={name: keys.data_key for name, keys in self._keys.items()},
                operations_key=self._operations_key(region),
            )
            for storage in self._storages:
                replication.add_stack_dependency(storage)

    def _failover(self) -> None:
        """Phase 5, what moves writes to another region."""
        self._recovery: EcommerceRecovery | None = None
        if self._secondary is None:
            return
        first = EcommerceFailover(
            self._app,
            region=self._primary,
            settings=self._settings,
            log_key=self._operations_key(self._primary),
            primary=None,
        )
        second = EcommerceFailover(
            self._app,
            region=self._secondary,
            settings=self._settings,
            log_key=self._operations_key(self._secondary),
            primary=first,
        )
        for failover, region in ((first, self._primary), (second, self._secondary)):
            failover.add_stack_dependency(self._clusters[region.name])  # which Region Switch is let into
        self._recovery = EcommerceRecovery(
            self._app,
            region=self._primary,
            settings=self._settings,
            role=first.role,
            zone=self._dns.zone,
            domain=self._domain,
            log_key=self._operations_key(self._primary),
        )
        self._recovery.add_stack_dependency(second)

    def _routes(self) -> None:
        """Phase 3, what leads a customer to a region."""
        recovery = self._recovery if self._phase >= 5 else None
        routing = EcommerceRouting(
            self._app,
            region=self._primary,
            settings=self._settings,
            domain=self._domain,
            zone=self._dns.zone,
            write_switches=recovery.write_switches if recovery else None,
        )
        self._apis = {
            region.name: EcommerceApi(
                self._app,
                region=region,
                settings=self._settings,
                domain=self._domain,
                vpc=self._networks[region.name].vpc,
                zone=self._dns.zone,
                entrance=self._load_balancers[region.name],
                keys=self._keys[region.name],
                customers=self._customers.user_pool if self._phase >= 4 else None,
            )
            for region in self._regions
        }
        for name, api in self._apis.items():
            # it has the header field's value of the primary's stack too
            api.add_stack_dependency(self._load_balancers[self._primary.name])
            # an alias needs the record that it leads to
            routing.add_stack_dependency(api)
            routing.add_stack_dependency(self._load_balancers[name])
        self._edge = EcommerceEdge(
            self._app,
            region=self._global(),
            settings=self._settings,
            domain=self._domain,
            zone=self._dns.zone,
            keys=self._keys[GLOBAL],
            web_acl_arn=self._edge_firewall.web_acl_arn if self._phase >= 4 else None,
        )
        self._edge.add_stack_dependency(self._load_balancers[self._primary.name])
        self._edge.add_stack_dependency(routing)

    def _shop(self) -> None:
        """Phase 3, the services."""
        for region in self._regions:
            network = self._networks[region.name]
            workload = EcommerceWorkload(
                self._app,
                region=region,
                settings=self._settings,
                cluster=self._clusters[region.name].cluster,
                kubernetes_version=self._settings.ecommerce_kubernetes_version,
                data_key=self._data_key(region),
                target_groups=self._load_balancers[region.name].target_groups,
                # the tertiary reads orders nowhere, and never writes any
                database=None if region.role == "tertiary" else self._database_addresses.get(region.name),
                cache=self._caches[region.name].address,
                load_balancer_cidrs=[each.ipv4_cidr_block for each in network.vpc.public_subnets],
                data_cidrs=[each.ipv4_cidr_block for each in network.vpc.isolated_subnets],
                order_events=names.queue("order-events", self._settings.stage) if self._phase >= 4 else None,
                operations_key=self._operations_key(region),
            )
            workload.add_stack_dependency(self._tables)

    def _watch(self) -> None:
        """Phase 4, what others of that phase and the one before are given."""
        replicas = [region.name for region in self._replica_regions() if self._phase >= 5]
        size = SIZES[self._settings.ecommerce_profile]
        self._monitoring: dict[str, EcommerceMonitoring] = {}
        for region in self._regions:
            EcommerceEvents(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._operations_key(region),
                data_key=self._data_key(region),
                others=[other.name for other in self._regions if other != region],
                # the stream of a global table's replica has the writes of all regions: one region counts them
                carts_stream=self._tables.carts.table_stream_arn if region == self._primary else None,
            )
            self._monitoring[region.name] = EcommerceMonitoring(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._operations_key(region),
                load_balancer=self._load_balancers[region.name].load_balancer,
                target_groups=self._load_balancers[region.name].target_groups,
                api_name=names.api(self._settings.stage),
                database="writer"
                if region == self._primary
                else "replica"
                if region.name in replicas
                else None,
                tables=[CARTS],
                cache_nodes=cache_nodes(
                    self._settings.stage, shards=size.cache_shards, nodes_per_shard=1 + size.cache_replicas
                ),
                carts_counted=region == self._primary,
                replicas=replicas,
            )
        self._edge_firewall = EcommerceEdgeFirewall(
            self._app,
            region=self._global(),
            settings=self._settings,
            operations_key=self._keys[GLOBAL].operations_key,
        )
        secrets = EcommerceSecrets(
            self._app,
            region=self._primary,
            settings=self._settings,
            data_key=self._data_key(self._primary),
            operations_key=self._operations_key(self._primary),
            alarm_topic=self._monitoring[self._primary.name].alarm_topic.topic,
        )
        for keys in self._keys.values():
            secrets.add_stack_dependency(keys)  # replicas name the other regions' keys by their alias
        self._customers = EcommerceCustomers(
            self._app,
            region=self._primary,
            settings=self._settings,
            data_key=self._data_key(self._primary),
            operations_key=self._operations_key(self._primary),
            replica_region=self._secondary.name if self._secondary else None,
        )
        self._customers.add_stack_dependency(
            secrets
        )  # with the secret of an OpenID Connect provider's client

    def _protection(self) -> None:
        """Phase 4, what stands before the shop, and what looks at the account."""
        for region in self._regions:
            firewall = EcommerceFirewall(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._operations_key(region),
                load_balancer_arn=self._load_balancers[region.name].load_balancer.load_balancer_arn,
                api_stage_arn=self._apis[region.name].api_stage.stage_arn,
                distribution_id=self._edge.distribution.distribution_id if region == self._primary else None,
                zone=self._dns.zone if region == self._primary else None,
            )
            firewall.add_stack_dependency(self._apis[region.name])
            EcommerceDetection(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._operations_key(region),
                alarm_topic=self._monitoring[region.name].alarm_topic.topic,
            )
        EcommerceAudit(
            self._app,
            region=self._primary,
            settings=self._settings,
            operations_key=self._operations_key(self._primary),
            alarm_topic=self._monitoring[self._primary.name].alarm_topic,
            tables=[CARTS],
        )

    def _optimization(self) -> None:
        """Phase 5, backups, runbooks, a customer's journey, and what it all costs."""
        writers = [region for region in (self._primary, self._secondary) if region]
        for region in writers:
            EcommerceBackup(
                self._app,
                region=region,
                settings=self._settings,
                other=next((other for other in writers if other != region), None),
                data_key=self._data_key(region),
            )
        for region in self._regions:
            EcommerceRunbooks(self._app, region=region, settings=self._settings)
            EcommerceCanaries(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._operations_key(region),
                alarm_topic=self._monitoring[region.name].alarm_topic,
                shop=f"https://{self._domain}",
            )
        EcommerceCost(
            self._app,
            region=self._global(),
            settings=self._settings,
            operations_key=self._keys[GLOBAL].operations_key,
        )

    def _behind_the_boundary(self) -> None:
        for stack in self._app.node.children:
            # its roles name the boundary, which is no reference that would say so
            if isinstance(stack, PlatformStack) and stack is not self._identity:
                stack.add_stack_dependency(self._identity)

    def _replica_regions(self) -> list[Region]:
        return [region for region in self._regions if region != self._primary]

    def _global(self) -> Region:
        return next(region for region in self._regions if region.name == GLOBAL)

    def _replica_keys(self) -> dict[str, kms.IKey]:
        return {region.name: self._data_key(region) for region in self._replica_regions()}

    def _data_key(self, region: Region) -> kms.IKey:
        return self._keys[region.name].data_key

    def _operations_key(self, region: Region) -> kms.IKey:
        return self._keys[region.name].operations_key
