"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App

from stacks.ecommerce import parts
from stacks.ecommerce.cost.cost_stack import EcommerceCost
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.operations.audit_stack import EcommerceAudit
from stacks.ecommerce.operations.canaries_stack import EcommerceCanaries
from stacks.ecommerce.operations.events_stack import EcommerceEvents
from stacks.ecommerce.operations.metrics import cache_nodes
from stacks.ecommerce.operations.monitoring_stack import EcommerceMonitoring
from stacks.ecommerce.operations.resource_signals import DatabaseRole
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    replicas = [each.name for each in topology.regions if _database_of(each, settings) == "replica"]
    for region in topology.regions:
        keys = (
            primary_keys
            if region.role == "primary"
            else EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        )
        EcommerceNetwork(app, region=region, settings=settings)
        if settings.ecommerce_phase >= 4:
            EcommerceEvents(
                app,
                region=region,
                settings=settings,
                operations_key=keys.operations_key,
                data_key=keys.data_key,
                others=[other.name for other in topology.regions if other != region],
                # STAND-IN: Tables.carts_stream, of the primary alone
                carts_stream=None,
            )
            monitoring = EcommerceMonitoring(
                app,
                region=region,
                settings=settings,
                operations_key=keys.operations_key,
                load_balancer=None,  # STAND-IN: LoadBalancer.load_balancer
                target_groups={},  # STAND-IN: LoadBalancer.target_groups
                api_name=None,  # STAND-IN: Api.api.rest_api_name
                database=_database_of(region, settings),
                tables=["carts"],
                # STAND-IN: Cache.nodes
                cache_nodes=cache_nodes(settings.stage, shards=1, nodes_per_shard=2),
                carts_counted=region.role == "primary",
                replicas=replicas,
            )
            if region.role == "primary":
                EcommerceAudit(
                    app,
                    region=region,
                    settings=settings,
                    operations_key=keys.operations_key,
                    alarm_topic=monitoring.alarm_topic,
                    tables=["carts"],
                )
        if settings.ecommerce_phase >= 5:
            EcommerceCanaries(
                app,
                region=region,
                settings=settings,
                operations_key=keys.operations_key,
                alarm_topic=monitoring.alarm_topic,
                shop=f"https://{settings.ecommerce_domain}",
            )
            if region.name == parts.GLOBAL:
                EcommerceCost(app, region=region, settings=settings, operations_key=keys.operations_key)


def _database_of(region: Region, settings: Settings) -> DatabaseRole | None:
    """The replicas come with the last phase."""
    if region.role == "primary":
        return "writer"
    return "replica" if settings.ecommerce_phase >= 5 else None
