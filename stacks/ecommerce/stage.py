"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App

from stacks.ecommerce.compute.cluster_stack import EcommerceCluster
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    for region in topology.regions:
        keys = (
            primary_keys
            if region.role == "primary"
            else EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        )
        network = EcommerceNetwork(app, region=region, settings=settings)
        if settings.ecommerce_phase >= 2:
            EcommerceCluster(
                app,
                region=region,
                settings=settings,
                vpc=network.vpc,
                data_key=keys.data_key,
                operations_key=keys.operations_key,
            )
