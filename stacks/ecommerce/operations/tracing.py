"""X-Ray in one region: which requests are recorded, and in which groups they are looked at."""

from dataclasses import dataclass

from aws_cdk import aws_xray as xray
from constructs import Construct

from stacks.ecommerce.operations.sizes import CHECKOUTS_TRACED


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    priority: int
    path: str
    per_second: int
    rate: float


class Tracing(Construct):
    """Sampling rules and groups. `prefix`: of their names, which an account has once in a region.

    `traced`: the part of all requests. Checkouts and orders, where money is lost, are recorded more often, and the
    probes of load balancers never. Not all checkouts: at the peak's rate that alone would cost more than the rest
    of this layer. Traces are encrypted with AWS's own key: the setting that names another is the account's, one for
    each region, and no resource of CloudFormation.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, prefix: str, traced: float, slow_seconds: int
    ) -> None:
        super().__init__(scope, construct_id)
        checkouts = min(1.0, traced * CHECKOUTS_TRACED)
        for rule in (
            _Rule("probes", 10, "/actuator/health*", 0, 0.0),
            _Rule("health", 11, "/health*", 0, 0.0),
            _Rule("checkout", 20, "/checkout*", 1, checkouts),
            _Rule("orders", 21, "/orders*", 1, checkouts),
            _Rule("others", 9000, "*", 1, traced),
        ):
            xray.CfnSamplingRule(
                self,
                rule.name.title(),
                sampling_rule=xray.CfnSamplingRule.SamplingRuleProperty(
                    rule_name=f"{prefix}-{rule.name}",
                    priority=rule.priority,
                    url_path=rule.path,
                    reservoir_size=rule.per_second,
                    fixed_rate=rule.rate,
                    host="*",
                    http_method="*",
                    resource_arn="*",
                    service_name="*",
                    service_type="*",
                    version=1,
                ),
            )
        for name, expression in _groups(slow_seconds).items():
            xray.CfnGroup(
                self,
                f"{name.title().replace('-', '')}Group",
                group_name=f"{prefix}-{name}",
                filter_expression=expression,
                insights_configuration=xray.CfnGroup.InsightsConfigurationProperty(
                    insights_enabled=True, notifications_enabled=False
                ),
            )


def _groups(slow_seconds: int) -> dict[str, str]:
    return {
        "faults": "fault = true",
        "slow": f"responsetime > {slow_seconds}",
        "purchases": 'service("checkout") OR service("orders")',
    }
