"""Which region takes a write: the primary, or the secondary once it is switched over."""

from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.traffic.host_names import Tree
from stacks.ecommerce.traffic.records import alias


class WriteRecords(Construct):
    """Failover records of `tree`'s `writes`. `primary` and `secondary`: a region and the health check that says
    whether it may take writes; without a secondary writes have nowhere else to go.

    The targets' own health is not asked: a load balancer without a healthy target would move writes to a database
    that is a replica still.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zone: route53.IHostedZone,
        tree: Tree,
        primary: tuple[str, str],
        secondary: tuple[str, str] | None,
    ) -> None:
        super().__init__(scope, construct_id)
        for failover, chosen in (("PRIMARY", primary), ("SECONDARY", secondary)):
            if chosen:
                region, check = chosen
                alias(
                    self,
                    failover.title(),
                    zone=zone,
                    name=tree.writes,
                    to=tree.region(region),
                    set_identifier=region,
                    failover=failover,
                    health_check=check,
                    evaluate_target_health=False,
                )
