"""Which region answers a read: Europe's for Europe, else the nearest that is healthy."""

from collections.abc import Mapping

from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.traffic.host_names import Tree
from stacks.ecommerce.traffic.records import alias


class ReadRecords(Construct):
    """Records of `tree` that lead from its `reads` to the name of one region, which has to be there before.

    `health`: the health check of each region that can be asked. `europe`: the region of Europe's viewers; none: no
    region is there, and they are as any other. `europe_stays`: they go nowhere else, down or not.

    Route 53 has one routing policy for a name ("Choosing a routing policy"), so there is a name for each:
    geolocation at the top, below it failover for Europe, and latency for the rest of the world. A region's
    health is what its check says. A load balancer's own is not asked: it is that of every target group, and
    orders that fail where nobody writes must not drive readers away.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zone: route53.IHostedZone,
        tree: Tree,
        health: Mapping[str, str],
        europe: str | None,
        europe_stays: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        nearest = [
            alias(
                self,
                f"Nearest-{region}",
                zone=zone,
                name=tree.nearest,
                to=tree.region(region),
                set_identifier=region,
                region=region,
                health_check=check,
                evaluate_target_health=False,
            )
            for region, check in health.items()
        ]
        world = alias(
            self,
            "World",
            zone=zone,
            name=tree.reads,
            to=tree.nearest,
            set_identifier="world",
            geo_location=route53.CfnRecordSet.GeoLocationProperty(country_code="*"),
        )
        for record in nearest:
            world.add_resource_dependency(record)
        if not europe:
            return
        if europe_stays:
            below = []
        else:
            first = alias(
                self,
                "EuropeFirst",
                zone=zone,
                name=tree.europe,
                to=tree.region(europe),
                set_identifier=europe,
                failover="PRIMARY",
                health_check=health[europe],
                evaluate_target_health=False,
            )
            otherwise = alias(
                self,
                "EuropeElse",
                zone=zone,
                name=tree.europe,
                to=tree.nearest,
                set_identifier="nearest",
                failover="SECONDARY",
            )
            for record in nearest:
                otherwise.add_resource_dependency(record)
            below = [first, otherwise]
        top = alias(
            self,
            "Europe",
            zone=zone,
            name=tree.reads,
            to=tree.region(europe) if europe_stays else tree.europe,
            set_identifier="europe",
            geo_location=route53.CfnRecordSet.GeoLocationProperty(continent_code="EU"),
            # Unhealthy, the record would give way to the world's ("How Amazon Route 53 chooses records when health
            # checking is configured").
            evaluate_target_health=not europe_stays,
        )
        for record in below:
            top.add_resource_dependency(record)
