"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App
from aws_cdk import aws_ec2 as ec2

from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.traffic.api_stack import EcommerceApi
from stacks.ecommerce.traffic.dns_stack import EcommerceDns
from stacks.ecommerce.traffic.edge_stack import EcommerceEdge
from stacks.ecommerce.traffic.load_balancer_stack import EcommerceLoadBalancer
from stacks.ecommerce.traffic.routing_stack import EcommerceRouting
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    domain = settings.ecommerce_domain
    assert domain is not None  # noqa: S101  # ecommerce_conflicts refuses settings without it
    primary = topology.primary.name
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    keys = {primary: primary_keys}
    networks = {}
    for region in topology.regions:
        if region.role != "primary":
            keys[region.name] = EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        networks[region.name] = EcommerceNetwork(app, region=region, settings=settings)
    dns = EcommerceDns(app, region=topology.primary, settings=settings, domain=domain, keys=primary_keys)
    if settings.ecommerce_phase >= 2:
        balancers = {}
        for region in topology.regions:
            balancers[region.name] = EcommerceLoadBalancer(
                app,
                region=region,
                settings=settings,
                domain=domain,
                vpc=networks[region.name].vpc,
                zone=dns.zone,
                # STAND-IN: Cluster.workload_group
                workload_group=ec2.SecurityGroup.from_security_group_id(
                    networks[region.name], "WorkloadGroup", "sg-0123456789abcdef0"
                ),
                keys=keys[region.name],
            )
        for region in topology.regions:
            if region.name != primary:
                # it reads its replica of the primary's header field
                balancers[region.name].add_stack_dependency(balancers[primary])
                # which is encrypted with its own key
                balancers[primary].add_stack_dependency(keys[region.name])
    if settings.ecommerce_phase >= 3:
        routing = EcommerceRouting(
            app, region=topology.primary, settings=settings, domain=domain, zone=dns.zone
        )
        for region in topology.regions:
            # an alias needs the record that it leads to
            routing.add_stack_dependency(balancers[region.name])
            api = EcommerceApi(
                app,
                region=region,
                settings=settings,
                domain=domain,
                vpc=networks[region.name].vpc,
                zone=dns.zone,
                entrance=balancers[region.name],
                keys=keys[region.name],
                # STAND-IN: Customers.user_pool, from phase 4
                customers=None,
            )
            # it has the header field's value of the primary's stack too
            api.add_stack_dependency(balancers[primary])
            routing.add_stack_dependency(api)
        edge = EcommerceEdge(
            app,
            region=topology.primary,
            settings=settings,
            domain=domain,
            zone=dns.zone,
            keys=primary_keys,
            # STAND-IN: EdgeFirewall.web_acl_arn, from phase 4
            web_acl_arn=None,
        )
        edge.add_stack_dependency(balancers[primary])
        edge.add_stack_dependency(routing)
