"""The monitoring of a region that has a load balancer with all services behind it, without their stacks."""

import json
import tempfile
from functools import cache
from pathlib import Path

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from stacks import settings
from stacks.ecommerce.operations.metrics import cache_nodes
from stacks.ecommerce.operations.monitoring_stack import EcommerceMonitoring
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.services import SERVICES
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import NEEDED
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template


@cache
def monitoring(region_name: str) -> Template:
    """Of one region, phase 5."""
    chosen = settings.load({**NEEDED, "ecommerce_phase": 5})
    (region,) = (each for each in DEFAULT.regions if each.name == region_name)
    with tempfile.TemporaryDirectory() as outdir:
        app = App(context=FEATURE_FLAGS, outdir=outdir)
        keys = EcommerceKeys(app, region=region, settings=chosen, primary=None)
        given = Stack(app, "Given", env=Environment(region=region_name))
        vpc = ec2.Vpc(given, "Vpc")
        load_balancer = elbv2.ApplicationLoadBalancer(given, "LoadBalancer", vpc=vpc)
        listener = load_balancer.add_listener("Listener", port=80)
        groups: dict[str, elbv2.IApplicationTargetGroup] = {}
        for at, service in enumerate(SERVICES, 1):
            group = elbv2.ApplicationTargetGroup(
                given, service.name, vpc=vpc, port=8080, target_type=elbv2.TargetType.IP
            )
            if service.name == "ui":
                listener.add_target_groups(service.name, target_groups=[group])
            else:
                listener.add_target_groups(
                    service.name,
                    target_groups=[group],
                    priority=at,
                    conditions=[elbv2.ListenerCondition.path_patterns(list(service.paths))],
                )
            groups[service.name] = group
        stack = EcommerceMonitoring(
            app,
            region=region,
            settings=chosen,
            operations_key=keys.operations_key,
            load_balancer=load_balancer,
            target_groups=groups,
            api_name="ecommerce-shop",
            database="writer" if region.role == "primary" else "replica",
            tables=["carts"],
            cache_nodes=cache_nodes(None, shards=1, nodes_per_shard=2),
            carts_counted=region.role == "primary",
            replicas=[each.name for each in DEFAULT.regions if each.role != "primary"],
        )
        app.synth()
        found: Template = json.loads((Path(outdir) / f"{stack.stack_name}.template.json").read_text())
    return found
