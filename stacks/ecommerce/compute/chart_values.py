"""What the charts are told; a type for each, so that a misspelt value does not pass. Knows no construct.

The keys are those of the charts' values of the pinned releases. Neither chart carries a schema, so Helm itself
would ignore a key that it does not know; tests/unit/stacks/ecommerce/test_chart_values.py has one of ours.
"""

from typing import TypedDict


class ServiceAccount(TypedDict):
    """Of the controller's pods; its name is what a Pod Identity association is for."""

    name: str


class Quantities(TypedDict):
    """Kubernetes' own: `100m` of a CPU, `128Mi`."""

    cpu: str
    memory: str


class Resources(TypedDict):
    """Of a container."""

    requests: Quantities
    limits: Quantities


class KarpenterSettings(TypedDict):
    """`settings` of Karpenter's chart."""

    clusterName: str
    interruptionQueue: str
    isolatedVPC: bool
    enableZonalShift: bool


class KarpenterController(TypedDict):
    """`controller` of Karpenter's chart."""

    resources: Resources


class KarpenterValues(TypedDict):
    """Of Karpenter's chart."""

    serviceAccount: ServiceAccount
    settings: KarpenterSettings
    controller: KarpenterController


class DisruptionBudget(TypedDict):
    """Kubernetes' own."""

    maxUnavailable: int


class LoadBalancerControllerValues(TypedDict):
    """Of the AWS Load Balancer Controller's chart."""

    clusterName: str
    region: str
    vpcId: str
    serviceAccount: ServiceAccount
    resources: Resources
    podDisruptionBudget: DisruptionBudget
    createIngressClassResource: bool
    enableServiceMutatorWebhook: bool
    enableShield: bool
    enableWaf: bool
    enableWafv2: bool
    enableBackendSecurityGroup: bool


def _resources(cpu: str, memory: str) -> Resources:
    """The request is the limit: what keeps the others running is not to be the first that is evicted."""
    quantities = Quantities(cpu=cpu, memory=memory)
    return Resources(requests=quantities, limits=quantities)


def karpenter(*, cluster_name: str, queue_name: str, service_account: str) -> KarpenterValues:
    """Two replicas apart from each other, on nodes that it did not make, are the chart's own defaults."""
    return KarpenterValues(
        serviceAccount=ServiceAccount(name=service_account),
        settings=KarpenterSettings(
            clusterName=cluster_name,
            interruptionQueue=queue_name,
            # It then asks neither IAM, where it has no rights, nor the price list, which is in two other regions.
            isolatedVPC=True,
            enableZonalShift=True,
        ),
        controller=KarpenterController(resources=_resources("500m", "512Mi")),
    )


def load_balancer_controller(
    *, cluster_name: str, region: str, vpc_id: str, service_account: str
) -> LoadBalancerControllerValues:
    """Target group bindings alone: it is not to touch services or ingresses, nor WAF or Shield, which are
    CloudFormation's; region and VPC are given, as instance metadata is out of a pod's reach."""
    return LoadBalancerControllerValues(
        clusterName=cluster_name,
        region=region,
        vpcId=vpc_id,
        serviceAccount=ServiceAccount(name=service_account),
        resources=_resources("100m", "256Mi"),
        podDisruptionBudget=DisruptionBudget(maxUnavailable=1),
        createIngressClassResource=False,
        enableServiceMutatorWebhook=False,
        enableShield=False,
        enableWaf=False,
        enableWafv2=False,
        enableBackendSecurityGroup=False,
    )
