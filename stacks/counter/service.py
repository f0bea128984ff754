"""The counter's containers on Fargate."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypedDict

from aws_cdk import Acknowledgment, Duration, IgnoreMode, RemovalPolicy, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.counter import capacity, contract
from stacks.counter.blue_green import BAKE_TIME, BlueGreen
from stacks.counter.exec_sessions import ExecSessions

# What a run leaves behind is no part of the image: the asset's hash has to depend on the source alone.
_NOT_IN_IMAGE: Final = ("**/__pycache__", "**/*.py[cod]", "**/.*_cache", "**/.DS_Store")
_ARCHITECTURES: Final = {
    "arm64": (ecs.CpuArchitecture.ARM64, ecr_assets.Platform.LINUX_ARM64),
    "x86_64": (ecs.CpuArchitecture.X86_64, ecr_assets.Platform.LINUX_AMD64),
}
# Where autoscaling aims: the rest is for the minutes until a new task counts.
_CPU_PERCENT: Final = 60
_CONTAINER: Final = "Counter"


class CounterService(Construct):
    """A Fargate service behind `target_group`, with the image built from `image_folder`.

    A deployment keeps all tasks until their successors are healthy, and is rolled back if these are not; with
    `blue_green` it also keeps them for a while after.
    Autoscaling follows the CPU and the requests, and keeps as many tasks as the more demanding of the two wants.
    `requests_per_task`: where it aims, in requests a minute and task.
    `spot_percent`: share of Fargate Spot among the tasks beyond the first.
    `s3_prefix_list`: where the tasks may send to, beside what they are connected to; None for anywhere, on 443.
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
        s3_prefix_list: str | None,
        target_group: elbv2.ApplicationTargetGroup,
        blue_green: BlueGreen | None,
        image_folder: Path,
        architecture: Literal["arm64", "x86_64"],
        cpu: int,
        memory_mib: int,
        tasks: int,
        max_tasks: int,
        requests_per_task: int,
        spot_percent: int,
        load_balancer_networks: Sequence[str],
        redis_host: str,
        redis_username: str | None,
        redis_password: secretsmanager.ISecret,
        wait_replicas: int,
        deployment_alarms: Sequence[cloudwatch.IAlarm],
        container_insights: bool,
        exec_enabled: bool,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        sessions = (
            ExecSessions(self, "Exec", log_retention=log_retention, removal_policy=removal_policy)
            if exec_enabled
            else None
        )
        self.cluster = self._cluster(vpc, container_insights=container_insights, sessions=sessions)
        strategy = capacity.strategy(spot_percent=spot_percent)
        if strategy:
            self.cluster.enable_fargate_capacity_providers()
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Tasks of the visitor counter",
            allow_all_outbound=False,
        )
        # Without the id of its prefix list S3 has no smaller name than everywhere; with egress=endpoints the routes
        # lead to S3 alone all the same.
        self.security_group.add_egress_rule(
            ec2.Peer.prefix_list(s3_prefix_list) if s3_prefix_list else ec2.Peer.any_ipv4(),
            ec2.Port.tcp(443),
            "S3: layers of the image" if s3_prefix_list else "AWS services: image, secret, logs",
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
        container = task.add_container(
            _CONTAINER,
            image=ecs.ContainerImage.from_asset(
                str(image_folder),
                platform=platform,
                exclude=list(_NOT_IN_IMAGE),
                ignore_mode=IgnoreMode.DOCKER,
            ),
            command=list(contract.COMMAND),
            port_mappings=[ecs.PortMapping(container_port=contract.PORT)],
            environment=contract.environment(
                redis_host=redis_host,
                load_balancer_networks=load_balancer_networks,
                redis_username=redis_username,
                wait_replicas=wait_replicas,
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
        if sessions:
            sessions.make_room(task, container)
        self.service = ecs.FargateService(
            self,
            "Service",
            cluster=self.cluster,
            task_definition=task,
            # No desired count: a deployment would set it back to the least number in the middle of a rush.
            # ECS keeps the number that runs, and autoscaling sees to the least.
            capacity_provider_strategies=strategy,
            enable_execute_command=exec_enabled or None,
            vpc_subnets=subnets,
            assign_public_ip=public_address,
            security_groups=[self.security_group],
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            **_deployment(blue_green),
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
        self._receive(target_group, blue_green)
        scaling = self.service.auto_scale_task_count(min_capacity=tasks, max_capacity=max_tasks)
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=_CPU_PERCENT)
        if blue_green:
            blue_green.scale_on_requests(self.service, scaling, requests_per_task=requests_per_task)
        else:
            scaling.scale_on_request_count(
                "Requests", requests_per_target=requests_per_task, target_group=target_group
            )

    def _receive(self, target_group: elbv2.ApplicationTargetGroup, blue_green: BlueGreen | None) -> None:
        if not blue_green:
            self.service.attach_to_application_target_group(target_group)
            return
        target = self.service.load_balancer_target(
            container_name=_CONTAINER,
            container_port=contract.PORT,
            alternate_target=blue_green.alternate_target,
        )
        target.attach_to_application_target_group(target_group)

    def _cluster(
        self, vpc: ec2.IVpc, *, container_insights: bool, sessions: ExecSessions | None
    ) -> ecs.Cluster:
        cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=vpc,
            execute_command_configuration=sessions.configuration if sessions else None,
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


class _Deployment(TypedDict, total=False):
    deployment_strategy: ecs.DeploymentStrategy
    bake_time: Duration


def _deployment(blue_green: BlueGreen | None) -> _Deployment:
    """What a blue/green deployment has beside the circuit breaker, which is for both kinds: "Amazon ECS deployment
    failure detection", Amazon ECS Developer Guide."""
    if not blue_green:
        return {}
    return {"deployment_strategy": ecs.DeploymentStrategy.BLUE_GREEN, "bake_time": BAKE_TIME}
