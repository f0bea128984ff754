"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from collections.abc import Mapping

from aws_cdk import App, Stack
from aws_cdk import aws_route53 as route53

from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.recovery.backup_stack import EcommerceBackup
from stacks.ecommerce.recovery.failover_stack import EcommerceFailover
from stacks.ecommerce.recovery.recovery_stack import EcommerceRecovery
from stacks.ecommerce.recovery.runbooks_stack import EcommerceRunbooks
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    keys = {topology.primary.name: primary_keys}
    for region in topology.regions:
        if region.role != "primary":
            keys[region.name] = EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        EcommerceNetwork(app, region=region, settings=settings)
    if settings.ecommerce_phase >= 5:
        _recovery(app, settings, keys)


def _recovery(app: App, settings: Settings, keys: Mapping[str, EcommerceKeys]) -> None:
    primary, secondary = settings.ecommerce_topology.primary, settings.ecommerce_topology.secondary
    pair = [region for region in (primary, secondary) if region]
    for region in pair:
        EcommerceBackup(
            app,
            region=region,
            settings=settings,
            other=next((other for other in pair if other is not region), None),
            data_key=keys[region.name].data_key,
        )
    for region in settings.ecommerce_topology.regions:
        EcommerceRunbooks(app, region=region, settings=settings)
    if secondary is None:
        return
    first = EcommerceFailover(
        app, region=primary, settings=settings, log_key=keys[primary.name].operations_key, primary=None
    )
    second = EcommerceFailover(
        app, region=secondary, settings=settings, log_key=keys[secondary.name].operations_key, primary=first
    )
    recovery = EcommerceRecovery(
        app,
        region=primary,
        settings=settings,
        role=first.role,
        approver=Stack.of(first).format_arn(
            service="iam", region="", resource="role", resource_name="STAND-IN"
        ),
        # STAND-IN: Dns.zone
        zone=route53.PublicHostedZone(first, "StandIn", zone_name=str(settings.ecommerce_domain)),
        # STAND-IN: the regional names of LoadBalancer
        origins={each.name: f"{each.name}.{settings.ecommerce_domain}" for each in (primary, secondary)},
        log_key=keys[primary.name].operations_key,
    )
    recovery.add_stack_dependency(second)
