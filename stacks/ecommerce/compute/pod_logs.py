"""What pods on nodes print, and with Container Insights what they use, in CloudWatch; traces in X-Ray."""

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct, IDependable

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.compute import log_names
from stacks.ecommerce.compute.addons import Addons
from stacks.ecommerce.compute.kept_logs import KeptLogs
from stacks.ecommerce.compute.service_account_role import ServiceAccountRole


class PodLogs(Construct):
    """The add-on `amazon-cloudwatch-observability`, its role, and the log groups that it writes to.

    `insights`: whether it sends metrics of nodes, pods and containers too, which are charged by observation.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        addons: Addons,
        after: list[IDependable],
        cluster: eks.ICluster,
        cluster_name: str,
        insights: bool,
        kept_logs: KeptLogs,
    ) -> None:
        super().__init__(scope, construct_id)
        groups = [
            kept_logs.group(self, f"{of.title()}Logs", log_names.pods(cluster_name, of))
            for of in log_names.POD_LOGS
        ]
        identity = ServiceAccountRole(
            self,
            "Identity",
            cluster=cluster,
            cluster_name=cluster_name,
            namespace="amazon-cloudwatch",
            service_account="cloudwatch-agent",
        )
        statements = _statements(Stack.of(self).region, groups)
        identity.policy.add_statements(*statements)
        acknowledge_wildcards(
            identity.policy,
            statements,
            reason="Metrics and traces have no resource to name: metrics are narrowed to two namespaces, "
            "and traces can only be added.",
        )
        addons.add(
            "amazon-cloudwatch-observability",
            configuration(insights=insights),
            after=[*after, identity, *groups],
        )


def configuration(*, insights: bool) -> Mapping[str, object]:
    """What the add-on is told: logs always, metrics if `insights`; traces from the pods' OTLP and X-Ray senders."""
    collected: dict[str, object] = {"kubernetes": {"enhanced_container_insights": True}} if insights else {}
    return {
        "containerLogs": {"enabled": True},
        "agent": {
            "config": {
                "logs": {"metrics_collected": collected},
                "traces": {"traces_collected": {"xray": {}, "otlp": {}}},
            }
        },
    }


def _statements(region: str, groups: list[logs.LogGroup]) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources=[group.log_group_arn for group in groups],
        ),
        iam.PolicyStatement(actions=["logs:DescribeLogGroups"], resources=["*"]),
        iam.PolicyStatement(
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={
                "StringEquals": {
                    "cloudwatch:namespace": ["CWAgent", "ContainerInsights"],
                    "aws:RequestedRegion": region,
                }
            },
        ),
        iam.PolicyStatement(
            actions=[
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            resources=["*"],
        ),
        # It tells which instance and which volume a metric is of.
        iam.PolicyStatement(actions=["ec2:DescribeTags", "ec2:DescribeVolumes"], resources=["*"]),
    ]
