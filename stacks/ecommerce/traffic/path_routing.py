"""Which path of the shop leads to which service."""

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from stacks.ecommerce import services
from stacks.ecommerce.services import SERVICES, Service
from stacks.ecommerce.traffic import origin_header, timing
from stacks.ecommerce.traffic.shop_paths import HEALTH

# The sample's paths for operators and drills: a stranger could read other customers' orders by /proxy, or end
# a pod by /utility/panic. A rule takes five values ("Quotas for your Application Load Balancers").
CLOSED: Final = (
    ("/actuator*", "/chaos*", "/proxy*", "/topology*", "/utility*"),
    # what a service could resolve to one of the above behind the rewritten path
    ("*/..*", "*/actuator*", "*/chaos*", "/info*"),
)
# A service would decode them, and the patterns above do not say whether they see the path before or after.
ENCODED: Final = ".*%.*"


class PathRouting(Construct):
    """A target group for each service, and the rules that lead to it, in the order of `SERVICES`.

    Every rule that forwards wants the header field of one of our own entrances. A service that keeps something is
    reached by the API's alone: the sample's services know no customer, so whoever reaches theirs reads the
    carts and orders of all. Shoppers get there by the pages of ui, which asks the services within the
    cluster. Exposes `target_groups` by service; pods register by a TargetGroupBinding.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        listener: elbv2.ApplicationListener,
        by_distribution: str,
        by_api: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._listener = listener
        self._by_api = elbv2.ListenerCondition.http_header(origin_header.NAME, [by_api])
        self._by_any = elbv2.ListenerCondition.http_header(origin_header.NAME, [by_distribution, by_api])
        self._priority = 0
        made: dict[str, elbv2.ApplicationTargetGroup] = {
            service.name: self._targets(service, vpc) for service in SERVICES
        }
        self.target_groups: Mapping[str, elbv2.ApplicationTargetGroup] = made
        for number, patterns in enumerate(CLOSED, start=1):
            self._close(f"Closed{number}", patterns)
        self._close_encoded()
        ui = next(service for service in SERVICES if service.name == "ui")
        self._forward("Health", HEALTH, made["ui"], by=self._by_api, rewrite=(f"^{HEALTH}$", ui.health))
        for service in SERVICES:
            if "/*" in service.paths:  # of the pages; whatever is left of the services' paths is none
                self._close("ClosedApi", ["/api/*"])
            for number, pattern in enumerate(service.paths, start=1):
                fixed = pattern.removesuffix("*").rstrip("/")
                self._forward(
                    f"{service.name.title()}{number}",
                    pattern,
                    made[service.name],
                    by=self._by_any if service.state == "none" else self._by_api,
                    rewrite=(f"^{fixed}(.*)$", f"{service.own_path}$1") if fixed else None,
                )

    def _targets(self, service: Service, vpc: ec2.IVpc) -> elbv2.ApplicationTargetGroup:
        return elbv2.ApplicationTargetGroup(
            self,
            f"{service.name.title()}Pods",
            vpc=vpc,
            port=services.PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=elbv2.TargetType.IP,
            deregistration_delay=Duration.seconds(timing.DEREGISTRATION_DELAY),
            slow_start=Duration.seconds(timing.SLOW_START),
            health_check=elbv2.HealthCheck(
                path=service.health,
                healthy_http_codes="200",
                interval=Duration.seconds(timing.TARGET_CHECK_INTERVAL),
                timeout=Duration.seconds(timing.TARGET_CHECK_TIMEOUT),
                healthy_threshold_count=2,
                unhealthy_threshold_count=2,
            ),
        )

    def _close_encoded(self) -> None:
        made = self._close("ClosedEncoded", ["*"]).node.default_child
        if not isinstance(made, elbv2.CfnListenerRule):
            raise TypeError("the rule of encoded paths is no longer a CfnListenerRule")
        made.conditions = [
            elbv2.CfnListenerRule.RuleConditionProperty(
                field="path-pattern",
                path_pattern_config=elbv2.CfnListenerRule.PathPatternConfigProperty(regex_values=[ENCODED]),
            )
        ]

    def _close(self, construct_id: str, patterns: Sequence[str]) -> elbv2.ApplicationListenerRule:
        return self._rule(
            construct_id,
            [elbv2.ListenerCondition.path_patterns(list(patterns))],
            elbv2.ListenerAction.fixed_response(404, content_type="text/plain", message_body="Not Found"),
        )

    def _forward(
        self,
        construct_id: str,
        pattern: str,
        to: elbv2.ApplicationTargetGroup,
        *,
        by: elbv2.ListenerCondition,
        rewrite: tuple[str, str] | None,
    ) -> None:
        rule = self._rule(
            construct_id,
            [elbv2.ListenerCondition.path_patterns([pattern]), by],
            elbv2.ListenerAction.forward([to]),
        )
        if not rewrite:
            return
        made = rule.node.default_child
        if not isinstance(made, elbv2.CfnListenerRule):
            raise TypeError(f"the rule of {rule.node.path} is no longer a CfnListenerRule")
        # "URL rewrite transform"; the L2 construct does not know it yet.
        made.transforms = [
            elbv2.CfnListenerRule.TransformProperty(
                type="url-rewrite",
                url_rewrite_config=elbv2.CfnListenerRule.RewriteConfigObjectProperty(
                    rewrites=[
                        elbv2.CfnListenerRule.RewriteConfigProperty(regex=rewrite[0], replace=rewrite[1])
                    ]
                ),
            )
        ]

    def _rule(
        self,
        construct_id: str,
        conditions: list[elbv2.ListenerCondition],
        action: elbv2.ListenerAction,
    ) -> elbv2.ApplicationListenerRule:
        self._priority += 10  # leaves room for a rule in between
        return elbv2.ApplicationListenerRule(
            self,
            construct_id,
            listener=self._listener,
            priority=self._priority,
            conditions=conditions,
            action=action,
        )
