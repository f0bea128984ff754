"""VisitorCounter: load balancer, containers on Fargate, Redis, in a network of their own."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Environment, Fn, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks import provider_logs
from stacks.alarm_topic import AlarmTopic
from stacks.api_origin import ApiOrigin
from stacks.counter import contract
from stacks.counter.blue_green import BlueGreen
from stacks.counter.capacity_alarms import CapacityAlarms
from stacks.counter.dashboard import CounterDashboard
from stacks.counter.domain import CounterDomain
from stacks.counter.load_balancer import CounterLoadBalancer
from stacks.counter.network import CounterNetwork
from stacks.counter.redis import CounterRedis
from stacks.counter.redis_alarms import RedisAlarms
from stacks.counter.redis_serverless import CounterServerlessRedis
from stacks.counter.service import CounterService
from stacks.counter.visit_alarms import VisitAlarms
from stacks.firewall import Firewall
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class VisitorCounter(Stack):
    """Counts visits. Outputs: CounterUrl, LoadBalancerDnsName, ClusterName, ServiceName; DnsRecords tells what to
    enter where DNS is not in Route 53.

    `image_folder`: the application with its Dockerfile.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, env: Environment, settings: Settings, image_folder: Path
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=env,
            description="Visitor counter: load balancer, Fargate and ElastiCache Redis",
        )
        retained = removal_policy(settings)
        logs_kept = log_retention(settings)
        network = CounterNetwork(
            self,
            "Network",
            egress=settings.egress,
            exec_enabled=settings.counter_exec,
            log_retention=logs_kept,
            removal_policy=retained,
        )
        redis = self._redis(network, settings, retained)
        domain = None
        if settings.counter_domain:
            domain = CounterDomain(
                self,
                "Domain",
                name=settings.counter_domain,
                hosted_zone_id=settings.hosted_zone_id,
                certificate_arn=settings.counter_certificate_arn,
            )
        entrance = CounterLoadBalancer(
            self,
            "Entrance",
            vpc=network.vpc,
            domain=domain,
            log_retention=Duration.days(settings.log_retention_days),
            removal_policy=retained,
        )
        if settings.counter_waf:
            Firewall(
                self,
                "Firewall",
                acl_scope="REGIONAL",
                protects="Visitor counter",
                rate_limit=settings.counter_waf_rate_limit,
                behind_proxy=settings.visitor_count,
            ).protect(entrance.load_balancer.load_balancer_arn)
        visit_alarms = None
        if settings.counter_alarms_rollback or settings.counter_alarm_email:
            visit_alarms = VisitAlarms(self, "VisitAlarms", load_balancer=entrance.load_balancer)
        blue_green = self._blue_green(entrance) if settings.counter_deployment == "blue-green" else None
        counter = CounterService(
            self,
            "Counter",
            vpc=network.vpc,
            subnets=network.task_subnets,
            public_address=network.tasks_have_public_address,
            s3_prefix_list=settings.s3_prefix_list,
            target_group=entrance.target_group,
            blue_green=blue_green,
            image_folder=image_folder,
            architecture=settings.counter_architecture,
            cpu=settings.counter_cpu,
            memory_mib=settings.counter_memory,
            tasks=settings.counter_tasks,
            max_tasks=settings.counter_max_tasks,
            requests_per_task=settings.requests_per_task,
            spot_percent=settings.counter_spot_percent,
            load_balancer_networks=entrance.networks,
            redis_host=redis.host,
            redis_username=redis.username,
            redis_password=redis.password,
            wait_replicas=settings.counter_wait_replicas,
            deployment_alarms=visit_alarms.all if visit_alarms and settings.counter_alarms_rollback else [],
            container_insights=settings.container_insights,
            exec_enabled=settings.counter_exec,
            log_retention=logs_kept,
            removal_policy=retained,
        )
        _connect(counter.security_group, entrance.security_group, contract.PORT, "Load balancer to tasks")
        _connect(redis.security_group, counter.security_group, contract.REDIS_PORT, "Tasks to Redis")
        if network.endpoints:
            _connect(network.endpoints.security_group, counter.security_group, 443, "Tasks to AWS services")
        groups = [entrance.target_group, *([blue_green.green] if blue_green else [])]
        if settings.counter_alarm_email and visit_alarms:
            topic = AlarmTopic(self, "AlarmTopic", email=settings.counter_alarm_email, of="visitor counter")
            topic.tell_of(visit_alarms.all)
            scales = settings.counter_max_tasks > settings.counter_tasks
            CapacityAlarms(
                self,
                "CapacityAlarms",
                load_balancer=entrance.load_balancer,
                target_groups=groups,
                service=counter.service,
                most_tasks=settings.counter_max_tasks if scales else None,
                topic=topic,
            )
            RedisAlarms(
                self,
                "RedisAlarms",
                nodes=redis.nodes,
                replicated=settings.redis_replicas > 0,
                topic=topic,
            )
        if settings.counter_dashboard:
            CounterDashboard(
                self,
                "Dashboard",
                load_balancer=entrance.load_balancer,
                target_groups=groups,
                service=counter.service,
                redis_nodes=redis.nodes,
            )
        provider_logs.keep_in_stack(self, log_retention=logs_kept)
        dns_name = entrance.load_balancer.load_balancer_dns_name
        self.api_origin = ApiOrigin(settings.counter_domain or dns_name, https=domain is not None)
        CfnOutput(self, "CounterUrl", value=f"https://{domain.name}/" if domain else f"http://{dns_name}/")
        CfnOutput(self, "LoadBalancerDnsName", value=dns_name)
        if domain and not settings.hosted_zone_id:
            CfnOutput(self, "DnsRecords", value=f"{domain.name} CNAME {dns_name}")
        CfnOutput(self, "ClusterName", value=counter.cluster.cluster_name)
        CfnOutput(self, "ServiceName", value=counter.service.service_name)

    def _redis(
        self, network: CounterNetwork, settings: Settings, retained: RemovalPolicy
    ) -> CounterRedis | CounterServerlessRedis:
        if settings.redis_mode == "serverless":
            return CounterServerlessRedis(
                self,
                "ServerlessRedis",
                vpc=network.vpc,
                subnets=network.data_subnets,
                engine=settings.redis_engine,
                max_gigabytes=settings.redis_max_gb,
                max_ecpus_per_second=settings.redis_max_ecpus,
                removal_policy=retained,
            )
        return CounterRedis(
            self,
            "Redis",
            vpc=network.vpc,
            subnets=network.data_subnets,
            engine=settings.redis_engine,
            node_type=settings.redis_node_type,
            replicas=settings.redis_replicas,
            removal_policy=retained,
        )

    def _blue_green(self, entrance: CounterLoadBalancer) -> BlueGreen:
        return BlueGreen(
            self,
            "BlueGreen",
            listener=entrance.listener,
            blue=entrance.target_group,
            green=entrance.another_target_group("Green"),
        )

    @property
    def availability_zones(self) -> list[str]:
        """The zones by position, resolved at deploy: without it a stack with an account asks AWS at synth."""
        return [Fn.select(position, Fn.get_azs()) for position in range(2)]


def _connect(to: ec2.SecurityGroup, source: ec2.SecurityGroup, port: int, description: str) -> None:
    """Let `source` reach `port` of `to`: both sides, as neither may send or receive anything else."""
    to.connections.allow_from(source, ec2.Port.tcp(port), description)
