"""The counter's containers on Fargate."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from aws_cdk import Acknowledgment, Duration, IgnoreMode, RemovalPolicy, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.counter import contract

# What a run leaves behind is no part of the image: the asset's hash has to depend on the source alone.
_NOT_IN_IMAGE: Final = ("**/__pycache__", "**/*.py[cod]", "**/.*_cache", "**/.DS_Store")
_ARCHITECTURES: Final = {
    "arm64": (ecs.CpuArchitecture.ARM64, ecr_assets.Platform.LINUX_ARM64),
    "x86_64": (ecs.CpuArchitecture.X86_64, ecr_assets.Platform.LINUX_AMD64),
}
# Where autoscaling aims: the rest is for the minutes until a new task counts.
_CPU_PERCENT: Final = 60


class CounterService(Construct):
    """A Fargate service behind `target_group`, with the image built from `image_folder`.

    A deployment keeps all tasks until their successors are healthy, and is rolled back if these are not.
    `load_balancer_networks`: CIDR blocks from which the load balancer of the target group connects.
    `deployment_alarms`: a deployment during which one of them goes off is rolled back too; none: no such watch.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection,
        public_address: bool,
        target_group: elbv2.ApplicationTargetGroup,
        image_folder: Path,
        architecture: Literal["arm64", "x86_64"],
        cpu: int,
        memory_mib: int,
        tasks: int,
        max_tasks: int,
        load_balancer_networks: Sequence[str],
        redis_host: str,
        redis_password: secretsmanager.ISecret,
        deployment_alarms: Sequence[cloudwatch.IAlarm],
        container_insights: bool,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.cluster = self._cluster(vpc, container_insights=container_insights)
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Tasks of the visitor counter",
            allow_all_outbound=False,
        )
        self.security_group.add_egress_rule(
            ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS services: image, secret, logs"
        )
        cpu_architecture, platform = _ARCHITECTURES[architecture]
        task = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=cpu,
            memory_limit_mib=memory_mib,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=cpu_architecture, operating_system_family=ecs.OperatingSystemFamily.LINUX
            ),
        )
        task.add_container(
            "Counter",
            image=ecs.ContainerImage.from_asset(
                str(image_folder),
                platform=platform,
                exclude=list(_NOT_IN_IMAGE),
                ignore_mode=IgnoreMode.DOCKER,
            ),
            command=list(contract.COMMAND),
            port_mappings=[ecs.PortMapping(container_port=contract.PORT)],
            environment=contract.environment(
                redis_host=redis_host, load_balancer_networks=load_balancer_networks
            ),
            secrets={contract.PASSWORD_VARIABLE: ecs.Secret.from_secrets_manager(redis_password)},
            readonly_root_filesystem=True,
            stop_timeout=Duration.seconds(contract.STOP_TIMEOUT_SECONDS),
            linux_parameters=self._linux(),
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix="counter",
                log_group=logs.LogGroup(self, "Logs", retention=log_retention, removal_policy=removal_policy),
                # A log that cannot be delivered must not hold up visitors.
                mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            ),
        )
        self._acknowledge(task)
        self.service = ecs.FargateService(
            self,
            "Service",
            cluster=self.cluster,
            task_definition=task,
            # No desired count: a deployment would set it back to the least number in the middle of a rush.
            # ECS keeps the number that runs, and autoscaling sees to the least.
            vpc_subnets=subnets,
            assign_public_ip=public_address,
            security_groups=[self.security_group],
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            # The circuit breaker sees tasks that do not come up; a task that is healthy and answers 5xx only these.
            deployment_alarms=(
                ecs.DeploymentAlarmConfig(
                    alarm_names=[alarm.alarm_name for alarm in deployment_alarms],
                    behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
                )
                if deployment_alarms
                else None
            ),
            min_healthy_percent=100,
            max_healthy_percent=200,
            health_check_grace_period=Duration.seconds(contract.HEALTH_CHECK_GRACE_SECONDS),
        )
        self.service.attach_to_application_target_group(target_group)
        scaling = self.service.auto_scale_task_count(min_capacity=tasks, max_capacity=max_tasks)
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=_CPU_PERCENT)

    def _cluster(self, vpc: ec2.IVpc, *, container_insights: bool) -> ecs.Cluster:
        cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=vpc,
            container_insights_v2=(
                ecs.ContainerInsights.ENABLED if container_insights else ecs.ContainerInsights.DISABLED
            ),
        )
        if not container_insights:
            Validations.of(cluster).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-ECS4",
                    reason="Container Insights costs by the metric; CPU, memory and request metrics come "
                    "without it. Setting container_insights switches it on.",
                )
            )
        return cluster

    def _linux(self) -> ecs.LinuxParameters:
        # An init process as PID 1 passes SIGTERM on and reaps orphans.
        linux = ecs.LinuxParameters(self, "Linux", init_process_enabled=True)
        linux.drop_capabilities(ecs.Capability.ALL)
        return linux

    def _acknowledge(self, task: ecs.FargateTaskDefinition) -> None:
        Validations.of(task).acknowledge(
            Acknowledgment(
                id="AwsSolutions-ECS2",
                reason="The environment holds names and ports; the password comes from Secrets Manager.",
            ),
            Acknowledgment(
                id="AwsSolutions-IAM5[Resource::*]",
                reason="ecr:GetAuthorizationToken knows no resource (Service Authorization Reference); "
                "the CDK limits every other action of the execution role.",
            ),
        )
