"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App

from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.identity_stack import EcommerceIdentity
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    identity = EcommerceIdentity(app, region=topology.primary, settings=settings)
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    for region in topology.regions:
        if region.role != "primary":
            EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        EcommerceNetwork(app, region=region, settings=settings)
    for stack in app.node.children:
        # its roles name the boundary, which is no reference that would say so
        if isinstance(stack, PlatformStack) and stack is not identity:
            stack.add_stack_dependency(identity)
