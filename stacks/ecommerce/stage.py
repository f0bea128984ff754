"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App
from aws_cdk import aws_ec2 as ec2

from stacks.ecommerce.data.cache_stack import EcommerceCache
from stacks.ecommerce.data.database_replica_stack import EcommerceDatabaseReplica
from stacks.ecommerce.data.database_stack import EcommerceDatabase
from stacks.ecommerce.data.replication_stack import EcommerceReplication
from stacks.ecommerce.data.storage_stack import EcommerceStorage
from stacks.ecommerce.data.tables_stack import EcommerceTables
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    primary = topology.primary
    keys = {primary.name: EcommerceKeys(app, region=primary, settings=settings, primary=None)}
    networks = {}
    for region in topology.regions:
        if region.role != "primary":
            keys[region.name] = EcommerceKeys(
                app, region=region, settings=settings, primary=keys[primary.name]
            )
        networks[region.name] = EcommerceNetwork(app, region=region, settings=settings)
    replica_keys = {name: each.data_key for name, each in keys.items() if name != primary.name}
    # STAND-IN: Cluster.workload_group
    workload_groups = {
        name: ec2.SecurityGroup.from_security_group_id(each, "StandIn", "sg-00000000000000000", mutable=False)
        for name, each in networks.items()
    }
    if settings.ecommerce_phase >= 2:
        database = EcommerceDatabase(
            app,
            region=primary,
            settings=settings,
            vpc=networks[primary.name].vpc,
            workload_group=workload_groups[primary.name],
            data_key=keys[primary.name].data_key,
            operations_key=keys[primary.name].operations_key,
            replica_keys=replica_keys,
        )
    storages = []
    if settings.ecommerce_phase >= 3:
        EcommerceTables(
            app,
            region=primary,
            settings=settings,
            data_key=keys[primary.name].data_key,
            replica_keys=replica_keys,
        )
        for region in topology.regions:
            EcommerceCache(
                app,
                region=region,
                settings=settings,
                vpc=networks[region.name].vpc,
                workload_group=workload_groups[region.name],
                data_key=keys[region.name].data_key,
                operations_key=keys[region.name].operations_key,
            )
            storages.append(
                EcommerceStorage(
                    app,
                    region=region,
                    settings=settings,
                    data_key=keys[region.name].data_key,
                    operations_key=keys[region.name].operations_key,
                )
            )
    if settings.ecommerce_phase >= 5:
        for region in topology.regions:
            if region.role == "primary":
                continue
            replica = EcommerceDatabaseReplica(
                app,
                region=region,
                settings=settings,
                source=primary,
                vpc=networks[region.name].vpc,
                workload_group=workload_groups[region.name],
                data_key=keys[region.name].data_key,
                operations_key=keys[region.name].operations_key,
            )
            replica.add_stack_dependency(database)  # RDS makes a replica of what is there
        for region in topology.regions if len(topology.regions) > 1 else ():
            replication = EcommerceReplication(
                app,
                region=region,
                settings=settings,
                data_keys={name: each.data_key for name, each in keys.items()},
                operations_key=keys[region.name].operations_key,
            )
            for storage in storages:
                replication.add_stack_dependency(storage)
