"""Whether a region serves, and whether it takes writes, as Route 53 sees it."""

from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.traffic import timing

_UP = '"UP"'


class RegionHealth(Construct):
    """Health checks of one region. Exposes their ids:

    `serves`: Route 53's checkers all over the world ask `url_host` by HTTPS for `path`, the way that a client's
    request takes: API, load balancer, pod. It also fails while `not_evacuated` does.
    `not_evacuated`: healthy until an operator inverts it (`aws route53 update-health-check --inverted`).
    `writes`: the same kind of switch, for writes alone. It watches nothing on purpose: were writes to follow
    a check, a short failure would send them to a replica that is not promoted, and the way back would leave
    two regions that take writes.

    Nothing here is in the region that it is about: Route 53's data plane is in every edge location.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        region: str,
        url_host: str,
        path: str,
        takes_writes: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        answers = route53.CfnHealthCheck(
            self,
            "Answers",
            health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
                type="HTTPS_STR_MATCH",
                fully_qualified_domain_name=url_host,
                resource_path=path,
                search_string=_UP,
                port=443,
                enable_sni=True,
                request_interval=timing.REGION_CHECK_INTERVAL,
                failure_threshold=timing.REGION_CHECK_FAILURES,
            ),
            health_check_tags=[_named(f"{region} answers")],
        )
        evacuated = self._switch("NotEvacuated", f"{region} is not evacuated", answers)
        serves = route53.CfnHealthCheck(
            self,
            "Serves",
            health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
                type="CALCULATED",
                child_health_checks=[answers.attr_health_check_id, evacuated.attr_health_check_id],
                health_threshold=2,
            ),
            health_check_tags=[_named(f"{region} serves")],
        )
        self.answers = answers.attr_health_check_id
        self.not_evacuated = evacuated.attr_health_check_id
        self.serves = serves.attr_health_check_id
        self.writes: str | None = None
        if takes_writes:
            self.writes = self._switch("Writes", f"{region} may take writes", answers).attr_health_check_id

    def _switch(self, construct_id: str, name: str, child: route53.CfnHealthCheck) -> route53.CfnHealthCheck:
        """Of no child at least: always healthy, until it is inverted. Route 53 wants a child nevertheless."""
        return route53.CfnHealthCheck(
            self,
            construct_id,
            health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
                type="CALCULATED",
                child_health_checks=[child.attr_health_check_id],
                health_threshold=0,
                inverted=False,
            ),
            health_check_tags=[_named(name)],
        )


def _named(name: str) -> route53.CfnHealthCheck.HealthCheckTagProperty:
    return route53.CfnHealthCheck.HealthCheckTagProperty(key="Name", value=name)
