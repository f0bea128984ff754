"""The AWS Load Balancer Controller: it puts pods into target groups that CloudFormation made."""

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.compute import chart_values, charts
from stacks.ecommerce.compute.service_account_role import ServiceAccountRole

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "aws-load-balancer-controller"


class LoadBalancerController(Construct):
    """The controller for TargetGroupBindings alone.

    It may neither make nor change a load balancer or a security group: a manifest cannot open a way into the
    cluster. Exposes `installed`, after which such bindings can be applied.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        after: list[IDependable],
    ) -> None:
        super().__init__(scope, construct_id)
        region = Stack.of(self).region
        identity = ServiceAccountRole(
            self,
            "Identity",
            cluster=cluster,
            cluster_name=cluster_name,
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
        )
        statements = _statements(region)
        identity.policy.add_statements(*statements)
        acknowledge_wildcards(
            identity.policy,
            statements,
            reason="Descriptions have no resource to name. Target groups are made by a later stack; all of the "
            "account in this region may get or lose targets, and nothing else of them changes.",
        )
        self.installed = eks.HelmChart(
            self,
            "Controller",
            cluster=cluster,
            repository=charts.LOAD_BALANCER_CONTROLLER.repository,
            version=charts.LOAD_BALANCER_CONTROLLER.version,
            chart=charts.LOAD_BALANCER_CONTROLLER.chart,
            release=SERVICE_ACCOUNT,
            namespace=NAMESPACE,
            create_namespace=False,
            values=dict(
                chart_values.load_balancer_controller(
                    cluster_name=cluster_name,
                    region=region,
                    vpc_id=cluster.vpc.vpc_id,
                    service_account=SERVICE_ACCOUNT,
                )
            ),
            wait=True,
            timeout=Duration.minutes(10),
        )
        for each in (identity, *after):
            self.installed.node.add_dependency(each)


def _statements(region: str) -> list[iam.PolicyStatement]:
    """ "AWS Load Balancer Controller installation", the subset for target group bindings without security groups;
    less the changes of a target group's health check and attributes, which CloudFormation sets."""
    return [
        iam.PolicyStatement(
            actions=[
                "ec2:DescribeInstances",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            resources=["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": region}},
        ),
        iam.PolicyStatement(
            actions=["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            resources=[f"arn:{Aws.PARTITION}:elasticloadbalancing:{region}:{Aws.ACCOUNT_ID}:targetgroup/*/*"],
        ),
    ]
