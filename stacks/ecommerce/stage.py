"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App

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
    if settings.ecommerce_phase >= 3:
        EcommerceTables(
            app,
            region=primary,
            settings=settings,
            data_key=keys[primary.name].data_key,
            replica_keys=replica_keys,
        )
        for region in topology.regions:
            EcommerceStorage(app, region=region, settings=settings, data_key=keys[region.name].data_key)
