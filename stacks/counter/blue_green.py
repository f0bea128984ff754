"""Blue/green deployments of the counter, by ECS itself."""

from typing import Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from constructs import Construct

_Policy = autoscaling.CfnScalingPolicy
# "Amazon ECS infrastructure IAM role for load balancers"
_ROLE_POLICY: Final = "AmazonECSInfrastructureRolePolicyForLoadBalancers"
# How long the replaced tasks go on beside the new ones: the way back takes seconds while they do.
BAKE_TIME: Final = Duration.minutes(10)
# After every other rule of the listener: "Listener rules for your Application Load Balancer" allows 1 to 50,000.
_LAST_PRIORITY: Final = 50_000


class BlueGreen(Construct):
    """The two target groups that a deployment changes between, and what ECS needs to do so.

    The new tasks fill the group that has no traffic; once they are healthy, ECS moves `listener`'s last rule over
    to them, and keeps the replaced ones for `BAKE_TIME`: an alarm of the deployment in that time takes it back.

    ECS changes the rule's weights behind CloudFormation's back. That stays unnoticed as long as the rule does not
    change in the template: "Application Load Balancer resources for blue/green deployments", Amazon ECS Developer
    Guide.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        listener: elbv2.ApplicationListener,
        blue: elbv2.ApplicationTargetGroup,
        green: elbv2.ApplicationTargetGroup,
    ) -> None:
        super().__init__(scope, construct_id)
        self.green = green
        self._groups = {"blue": blue, "green": green}
        # A rule of its own, as ECS cannot change a listener's default action.
        rule = elbv2.ApplicationListenerRule(
            self,
            "Rule",
            listener=listener,
            priority=_LAST_PRIORITY,
            conditions=[elbv2.ListenerCondition.path_patterns(["/*"])],
            action=elbv2.ListenerAction.weighted_forward(
                [
                    elbv2.WeightedTargetGroup(target_group=blue, weight=100),
                    elbv2.WeightedTargetGroup(target_group=green, weight=0),
                ]
            ),
        )
        self.alternate_target = ecs.AlternateTarget(
            "Green",
            alternate_target_group=green,
            role=self._role(),
            production_listener=ecs.ListenerRuleConfiguration.application_listener_rule(rule),
        )

    def scale_on_requests(
        self, service: ecs.FargateService, scaling: ecs.ScalableTaskCount, *, requests_per_task: int
    ) -> None:
        """Let `scaling` of `service` follow the requests a minute and task of whichever group has the traffic.

        ALBRequestCountPerTarget, which names one target group, is not for blue/green deployments ("Use a target
        metric to scale Amazon ECS services", Amazon ECS Developer Guide): it would look at the idle group after
        every second one.
        """
        # L1: the L2 takes single metrics only.
        policy = autoscaling.CfnScalingPolicy(
            self,
            "Requests",
            policy_name="requests-per-task",
            policy_type="TargetTrackingScaling",
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=f"service/{service.cluster.cluster_name}/{service.service_name}",
            target_tracking_scaling_policy_configuration=_Policy.TargetTrackingScalingPolicyConfigurationProperty(
                target_value=requests_per_task,
                customized_metric_specification=_Policy.CustomizedMetricSpecificationProperty(
                    metrics=[
                        *(_requests_per_target(name, group) for name, group in self._groups.items()),
                        _Policy.TargetTrackingMetricDataQueryProperty(
                            id="both",
                            # A group without tasks has no data, which would make the sum no data either.
                            expression=" + ".join(f"FILL({name}, 0)" for name in self._groups),
                            label="Requests per task",
                            return_data=True,
                        ),
                    ]
                ),
            ),
        )
        policy.node.add_dependency(scaling)

    def _role(self) -> iam.Role:
        role = iam.Role(
            self,
            "Role",
            description="ECS moves the counter's traffic between its target groups",
            assumed_by=iam.ServicePrincipal("ecs.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(_ROLE_POLICY)],
        )
        Validations.of(role).acknowledge(
            Acknowledgment(
                id=f"AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{_ROLE_POLICY}]",
                reason="AWS's policy for just this role, which AWS keeps in step with what ECS calls.",
            )
        )
        return role


def _requests_per_target(
    name: str, group: elbv2.ApplicationTargetGroup
) -> "_Policy.TargetTrackingMetricDataQueryProperty":
    return _Policy.TargetTrackingMetricDataQueryProperty(
        id=name,
        metric_stat=_Policy.TargetTrackingMetricStatProperty(
            metric=_Policy.TargetTrackingMetricProperty(
                namespace="AWS/ApplicationELB",
                metric_name="RequestCountPerTarget",
                dimensions=[
                    _Policy.TargetTrackingMetricDimensionProperty(
                        name="TargetGroup", value=group.target_group_full_name
                    )
                ],
            ),
            stat="Sum",
        ),
        return_data=False,
    )
