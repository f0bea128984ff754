"""The counter's own name."""

from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from stacks.domain import Domain


class CounterDomain(Domain):
    """`name` with its certificate, and with `hosted_zone_id` its records.

    The certificate is one of the stack's own region, given or made: "SSL certificates for your Application Load
    Balancer", Elastic Load Balancing. Raises ValueError if there is neither zone nor certificate.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        hosted_zone_id: str | None,
        certificate_arn: str | None,
    ) -> None:
        super().__init__(
            scope, construct_id, names=[name], hosted_zone_id=hosted_zone_id, certificate_arn=certificate_arn
        )
        self.name = name

    def point_to(self, load_balancer: elbv2.IApplicationLoadBalancer) -> None:
        """Make an A and an AAAA record; nothing where DNS is elsewhere.

        Route 53 has no answer for AAAA while the load balancer has IPv4 alone, which a resolver takes for what it
        is. The record is there so that the day it gets IPv6 changes no DNS.
        """
        self.alias("Primary", self.name, targets.LoadBalancerTarget(load_balancer))
