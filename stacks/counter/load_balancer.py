"""The public entrance of the counter."""

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Validations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.counter import contract


class CounterLoadBalancer(Construct):
    """An Application Load Balancer on port 80 (HTTPS needs a domain), with an access log in a bucket.

    `networks`: CIDR blocks of its subnets, from which it connects to the targets.

    It has no deletion protection: it holds no data, and a stack with a protected one fails half deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
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
        Validations.of(self.security_group).acknowledge(
            Acknowledgment(
                id="AwsSolutions-EC23", reason="A public page is open to everybody, on this port only."
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
        self.listener = self.load_balancer.add_listener(
            "Http",
            port=80,
            protocol=elbv2.ApplicationProtocol.HTTP,
            open=False,  # the security group above says who may enter, once
            default_target_groups=[self.target_group],
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
                interval=Duration.seconds(10),
                timeout=Duration.seconds(5),
                healthy_threshold_count=2,
                unhealthy_threshold_count=3,
            ),
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
