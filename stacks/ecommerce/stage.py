"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from stacks.ecommerce import names
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.services import SERVICES
from stacks.ecommerce.workload.workload_stack import EcommerceWorkload
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    topology = settings.ecommerce_topology
    primary_keys = EcommerceKeys(app, region=topology.primary, settings=settings, primary=None)
    keys = {topology.primary.name: primary_keys}
    networks = {}
    for region in topology.regions:
        if region.role != "primary":
            keys[region.name] = EcommerceKeys(app, region=region, settings=settings, primary=primary_keys)
        networks[region.name] = EcommerceNetwork(app, region=region, settings=settings)
    if settings.ecommerce_phase >= 3:
        for region in topology.regions:
            network = networks[region.name]
            # Its replica comes with phase 5; the tertiary never writes.
            has_database = region.role == "primary" or (
                region.role == "secondary" and settings.ecommerce_phase >= 5
            )
            EcommerceWorkload(
                app,
                region=region,
                settings=settings,
                # STAND-IN: Cluster.cluster
                cluster=eks.Cluster.from_cluster_attributes(
                    network,
                    "StandInCluster",
                    cluster_name=names.cluster(settings.stage),
                    kubectl_provider=eks.KubectlProvider.from_kubectl_provider_attributes(
                        network,
                        "StandInKubectl",
                        service_token=network.format_arn(
                            service="lambda", resource="function", resource_name="stand-in"
                        ),
                    ),
                ),
                kubernetes_version="1.35",  # STAND-IN: settings.ecommerce_kubernetes_version
                data_key=keys[region.name].data_key,
                # STAND-IN: LoadBalancer.target_groups
                target_groups={
                    service.name: elbv2.ApplicationTargetGroup.from_target_group_attributes(
                        network,
                        f"StandIn{service.name}",
                        target_group_arn=network.format_arn(
                            service="elasticloadbalancing",
                            resource="targetgroup",
                            resource_name=f"{service.name}/0123456789abcdef",
                        ),
                    )
                    for service in SERVICES
                },
                # STAND-IN: Database.address, DatabaseReplica.address
                database=f"orders.{region.name}.stand-in.invalid" if has_database else None,
                cache=f"checkout.{region.name}.stand-in.invalid",  # STAND-IN: Cache.address
                load_balancer_cidrs=[each.ipv4_cidr_block for each in network.vpc.public_subnets],
                data_cidrs=[each.ipv4_cidr_block for each in network.vpc.isolated_subnets],
                # STAND-IN: names.queue("order-events", stage), after EcommerceEvents
                order_events=names.named("order-events", settings.stage)
                if settings.ecommerce_phase >= 4
                else None,
                operations_key=keys[region.name].operations_key,
            )
