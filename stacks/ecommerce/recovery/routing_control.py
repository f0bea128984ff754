"""ARC routing control: switches for traffic that a person can turn while AWS's control planes are impaired."""

from collections.abc import Sequence

from aws_cdk import aws_route53recoverycontrol as control
from constructs import Construct


class RoutingControl(Construct):
    """A cluster, a panel, a switch for each of `regions`, and a rule that one of them at least stays on."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, regions: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        cluster = control.CfnCluster(self, "Cluster", name=name)
        panel = control.CfnControlPanel(self, "Panel", name=name, cluster_arn=cluster.attr_cluster_arn)
        switches = [
            control.CfnRoutingControl(
                self,
                region.title().replace("-", ""),
                name=region,
                cluster_arn=cluster.attr_cluster_arn,
                control_panel_arn=panel.attr_control_panel_arn,
            )
            for region in regions
        ]
        control.CfnSafetyRule(
            self,
            "OneStaysOn",
            name=f"{name}-one-stays-on",
            control_panel_arn=panel.attr_control_panel_arn,
            rule_config=control.CfnSafetyRule.RuleConfigProperty(inverted=False, threshold=1, type="ATLEAST"),
            assertion_rule=control.CfnSafetyRule.AssertionRuleProperty(
                asserted_controls=[switch.attr_routing_control_arn for switch in switches],
                wait_period_ms=5000,
            ),
        )
