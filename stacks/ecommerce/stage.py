"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App

from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.parts import GLOBAL
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.customers_stack import EcommerceCustomers
from stacks.ecommerce.security.detection_stack import EcommerceDetection
from stacks.ecommerce.security.edge_firewall_stack import EcommerceEdgeFirewall
from stacks.ecommerce.security.firewall_stack import EcommerceFirewall
from stacks.ecommerce.security.identity_stack import EcommerceIdentity
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.security.secrets_stack import EcommerceSecrets
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    identity = EcommerceIdentity(app, region=topology.primary, settings=settings)
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    keys = {topology.primary.name: primary_keys}
    for region in topology.regions:
        if region.role != "primary":
            keys[region.name] = EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        EcommerceNetwork(app, region=region, settings=settings)
    if settings.ecommerce_phase >= 4:
        _security(app, settings, keys)
    for stack in app.node.children:
        # its roles name the boundary, which is no reference that would say so
        if isinstance(stack, PlatformStack) and stack is not identity:
            stack.add_stack_dependency(identity)


def _security(app: App, settings: Settings, keys: dict[str, EcommerceKeys]) -> None:
    """Phase 4: what stands before the shop, who signs in, and what watches."""
    topology = settings.ecommerce_topology
    EcommerceEdgeFirewall(
        app,
        region=next(region for region in topology.regions if region.name == GLOBAL),
        settings=settings,
        operations_key=keys[GLOBAL].operations_key,
    )
    for region in topology.regions:
        EcommerceFirewall(
            app,
            region=region,
            settings=settings,
            operations_key=keys[region.name].operations_key,
            load_balancer_arn=None,  # STAND-IN: LoadBalancer.load_balancer.load_balancer_arn
            api_stage_arn=None,  # STAND-IN: Api.api.deployment_stage.stage_arn
            distribution_id=None,  # STAND-IN: of the primary alone: Edge.distribution.distribution_id
            zone=None,  # STAND-IN: of the primary alone: Dns.zone
        )
    secrets = EcommerceSecrets(
        app,
        region=topology.primary,
        settings=settings,
        data_key=keys[topology.primary.name].data_key,
        operations_key=keys[topology.primary.name].operations_key,
        alarm_topic=None,  # STAND-IN: of the primary: Monitoring.alarm_topic
    )
    for each in keys.values():
        secrets.add_stack_dependency(each)  # replicas name the other regions' keys by their alias
    secondary = next((region.name for region in topology.regions if region.role == "secondary"), None)
    customers = EcommerceCustomers(
        app,
        region=topology.primary,
        settings=settings,
        data_key=keys[topology.primary.name].data_key,
        operations_key=keys[topology.primary.name].operations_key,
        replica_region=secondary,
    )
    customers.add_stack_dependency(secrets)  # which an OpenID Connect provider's client secret is read from
    for region in topology.regions:
        EcommerceDetection(
            app,
            region=region,
            settings=settings,
            operations_key=keys[region.name].operations_key,
            alarm_topic=None,  # STAND-IN: of the region: Monitoring.alarm_topic
        )
