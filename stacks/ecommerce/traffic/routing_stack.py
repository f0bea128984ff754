"""EcommerceRouting: which region a name of the shop or its API leads to."""

from collections.abc import Mapping

from aws_cdk import CfnOutput
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic import host_names
from stacks.ecommerce.traffic.read_records import ReadRecords
from stacks.ecommerce.traffic.region_health import RegionHealth
from stacks.ecommerce.traffic.shop_paths import API_HEALTH
from stacks.ecommerce.traffic.write_records import WriteRecords
from stacks.settings import Settings

_EUROPE = "eu-"


class EcommerceRouting(PlatformStack):
    """Health checks of all regions, and the records that choose one: see ReadRecords and WriteRecords.

    Exposes `region_health`, by region, for alarms and for what switches regions. `write_switches`: health checks of
    another owner that say which of primary and secondary takes writes, by region, as ARC Region Switch has them;
    none: those of this stack. Output: a health check's id for each switch.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        domain: str,
        zone: route53.IHostedZone,
        write_switches: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            scope,
            "Routing",
            region=region,
            settings=settings,
            purpose=f"health checks and routing records of {domain}",
        )
        regions = settings.ecommerce_topology.regions
        api = host_names.api(domain)
        self.region_health = {
            each.name: RegionHealth(
                self,
                f"Health-{each.name}",
                region=each.name,
                url_host=api.region(each.name),
                path=API_HEALTH,
                takes_writes=each.role != "tertiary",
            )
            for each in regions
        }
        self.write_switches = write_switches or {
            name: health.writes for name, health in self.region_health.items() if health.writes
        }
        writers = {
            each.role: (each.name, self.write_switches[each.name])
            for each in regions
            if each.name in self.write_switches
        }
        for tree in (host_names.origin(domain), api):
            ReadRecords(
                self,
                f"{tree.of.title()}Reads",
                zone=zone,
                tree=tree,
                health={name: health.serves for name, health in self.region_health.items()},
                europe=next((each.name for each in regions if each.name.startswith(_EUROPE)), None),
                europe_stays=settings.ecommerce_europe_stays,
            )
            WriteRecords(
                self,
                f"{tree.of.title()}Writes",
                zone=zone,
                tree=tree,
                primary=writers["primary"],
                secondary=writers.get("secondary"),
            )
        for name, health in self.region_health.items():
            CfnOutput(
                self,
                f"NotEvacuated-{name}",
                value=health.not_evacuated,
                description=f"Invert this health check, and no read goes to {name}",
            )
        for name, check in self.write_switches.items():
            CfnOutput(
                self,
                f"Writes-{name}",
                value=check,
                description=f"While this health check is unhealthy, no write goes to {name}",
            )
