"""The public entrance of the counter."""

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.counter import contract
from stacks.counter.domain import CounterDomain


class CounterLoadBalancer(Construct):
    """An Application Load Balancer with an access log in a bucket, and what listens there.

    `domain`: its own name. Port 443 then serves it, and port 80 redirects there; with none, HTTP on port 80 is
    all there is, because there is no certificate for a name of AWS's.
    `listener`: the one that forwards to the tasks.
    `networks`: CIDR blocks of its subnets, from which it connects to the targets.

    It has no deletion protection: it holds no data, and a stack with a protected one fails half deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        domain: CounterDomain | None,
        log_retention: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self._vpc = vpc
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Visitors to the load balancer",
            allow_all_outbound=False,
        )
        self.security_group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(80), "HTTP from everywhere")
        if domain:
            self.security_group.add_ingress_rule(
                ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "HTTPS from everywhere"
            )
        Validations.of(self.security_group).acknowledge(
            Acknowledgment(
                id="AwsSolutions-EC23", reason="A public page is open to everybody, on the web's ports only."
            )
        )
        subnets = vpc.select_subnets(subnet_type=ec2.SubnetType.PUBLIC)
        # Its nodes take addresses of these subnets, and other ones whenever it scales.
        self.networks = [subnet.ipv4_cidr_block for subnet in subnets.subnets]
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=True,
            security_group=self.security_group,
            vpc_subnets=ec2.SubnetSelection(subnets=subnets.subnets),
            drop_invalid_header_fields=True,
            desync_mitigation_mode=elbv2.DesyncMitigationMode.DEFENSIVE,
            idle_timeout=Duration.seconds(contract.LOAD_BALANCER_IDLE_SECONDS),
        )
        self.load_balancer.log_access_logs(self._access_logs(log_retention, removal_policy))
        self.target_group = self._tasks("Tasks")
        self.listener = self._https(domain) if domain else self._http()
        # Prometheus asks the tasks from inside the network; what they measure is no visitor's business.
        self.listener.add_action(
            "Metrics",
            priority=1,
            conditions=[
                elbv2.ListenerCondition.path_patterns([contract.METRICS_PATH, f"{contract.METRICS_PATH}/*"])
            ],
            action=elbv2.ListenerAction.fixed_response(
                404, content_type="text/plain", message_body="Not Found"
            ),
        )

    def another_target_group(self, construct_id: str) -> elbv2.ApplicationTargetGroup:
        """One as `target_group`, without traffic."""
        return self._tasks(construct_id)

    def _tasks(self, construct_id: str) -> elbv2.ApplicationTargetGroup:
        return elbv2.ApplicationTargetGroup(
            self,
            construct_id,
            vpc=self._vpc,
            port=contract.PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            target_type=elbv2.TargetType.IP,
            deregistration_delay=Duration.seconds(contract.DEREGISTRATION_DELAY_SECONDS),
            health_check=elbv2.HealthCheck(
                path=contract.HEALTH_PATH,
                healthy_http_codes="200",
                interval=Duration.seconds(contract.HEALTH_CHECK_INTERVAL_SECONDS),
                timeout=Duration.seconds(contract.HEALTH_CHECK_TIMEOUT_SECONDS),
                healthy_threshold_count=contract.HEALTHY_THRESHOLD,
                unhealthy_threshold_count=contract.UNHEALTHY_THRESHOLD,
            ),
        )

    def _http(self) -> elbv2.ApplicationListener:
        return self._listener(
            "Http", 80, elbv2.ApplicationProtocol.HTTP, elbv2.ListenerAction.forward([self.target_group])
        )

    def _https(self, domain: CounterDomain) -> elbv2.ApplicationListener:
        """Make both listeners; returns the one that forwards."""
        to_https = elbv2.ListenerAction.redirect(protocol="HTTPS", port="443", permanent=True)
        self._listener("Http", 80, elbv2.ApplicationProtocol.HTTP, to_https)
        domain.point_to(self.load_balancer)
        return self._listener(
            "Https",
            443,
            elbv2.ApplicationProtocol.HTTPS,
            elbv2.ListenerAction.forward([self.target_group]),
            certificates=[domain.certificate],
            # Of those that still speak TLS 1.2 the newest and strictest, the console's default: "Security policies
            # for your Application Load Balancer", Elastic Load Balancing.
            ssl_policy=elbv2.SslPolicy.TLS13_12_RES_PQ,
        )

    def _listener(
        self,
        construct_id: str,
        port: int,
        protocol: elbv2.ApplicationProtocol,
        action: elbv2.ListenerAction,
        *,
        certificates: Sequence[elbv2.IListenerCertificate] | None = None,
        ssl_policy: elbv2.SslPolicy | None = None,
    ) -> elbv2.ApplicationListener:
        return self.load_balancer.add_listener(
            construct_id,
            port=port,
            protocol=protocol,
            open=False,  # the security group above says who may enter, once
            certificates=certificates,
            ssl_policy=ssl_policy,
            default_action=action,
        )

    def _access_logs(self, log_retention: Duration, removal_policy: RemovalPolicy) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            # Load balancers can write to SSE-S3 buckets only: "Enable access logs for your Application Load
            # Balancer".
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=log_retention)],
            removal_policy=removal_policy,
            auto_delete_objects=removal_policy == RemovalPolicy.DESTROY,
        )
        Validations.of(bucket).acknowledge(
            Acknowledgment(id="AwsSolutions-S1", reason="This is the bucket of access logs itself.")
        )
        return bucket
