"""What the emulator's tests deploy: each kind of resource that the project's stacks use, small.

Context `revision` (1 by default): 2 changes properties in place, replaces one resource and removes another.
"""

from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, Environment, Fn, RemovalPolicy, Stack
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

FOLDER = Path(__file__).parent

# Clean URLs: /docs and /docs/ are both docs/index.html.
_ROUTING = """
function handler(event) {
    const request = event.request;
    if (!request.uri.includes('.')) {
        request.uri = request.uri.replace(/\\/?$/, '/index.html');
    }
    return request;
}
"""

# /moved/<name> leads to what the key value store has under the name.
_MOVED = """
import cf from 'cloudfront';

const moved = cf.kvs();

async function handler(event) {
    const name = event.request.uri.split('/').pop();
    return {statusCode: 302, headers: {location: {value: await moved.get(name)}}};
}
"""


# Tells what it was asked for; a name with "broken" in it is an error of its own.
_FALLBACK = """
def handle(event, context):
    path, method = event["rawPath"], event["requestContext"]["http"]["method"]
    return {"statusCode": 500 if "broken" in path else 404, "body": method + " " + path}
"""


class Counter(Construct):
    """Network, load balancer, service, cache, secret."""

    def __init__(self, scope: Construct, construct_id: str, *, revision: int) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.DESTROY)
        vpc = self._vpc()
        cluster = ecs.Cluster(self, "Cluster", vpc=vpc)
        self.load_balancer = elbv2.ApplicationLoadBalancer(self, "Alb", vpc=vpc, internet_facing=True)
        listener = self.load_balancer.add_listener("Http", port=80)
        secret = secretsmanager.Secret(
            self,
            "Token",
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                exclude_punctuation=True, password_length=64
            ),
        )
        log_group = logs.LogGroup(self, "Logs", removal_policy=RemovalPolicy.DESTROY)
        definition = ecs.FargateTaskDefinition(
            self,
            "Task",
            runtime_platform=ecs.RuntimePlatform(cpu_architecture=ecs.CpuArchitecture.ARM64),
        )
        image = ecr_assets.DockerImageAsset(self, "Image", directory=str(FOLDER / "image"))
        definition.add_container(
            "Main",
            image=ecs.ContainerImage.from_docker_image_asset(image),
            command=["python", "-m", "http.server", "8000"],
            environment={"GREETING": "hello" if revision == 1 else "good day"},
            secrets={"TOKEN": ecs.Secret.from_secrets_manager(secret)},
            port_mappings=[ecs.PortMapping(container_port=8000)],
            logging=ecs.LogDriver.aws_logs(stream_prefix="main", log_group=log_group),
            stop_timeout=Duration.seconds(30),
            health_check=ecs.HealthCheck(command=["CMD", "true"]),
        )
        service = ecs.FargateService(
            self,
            "Service",
            cluster=cluster,
            task_definition=definition,
            desired_count=2,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            min_healthy_percent=100,
        )
        group = listener.add_targets(
            "Tasks", port=8000, protocol=elbv2.ApplicationProtocol.HTTP, targets=[service]
        )
        target = service.auto_scale_task_count(max_capacity=4)
        target.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
        target.scale_on_schedule(
            "Night", schedule=scaling.Schedule.cron(hour="0", minute="0"), min_capacity=1
        )
        self._cache(vpc, service, secret, log_group)
        cloudwatch.Alarm(
            self,
            "Errors",
            metric=self.load_balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
            threshold=5,
            evaluation_periods=2,
        )
        stack = Stack.of(self)
        CfnOutput(stack, "CounterDnsName", value=self.load_balancer.load_balancer_dns_name)
        CfnOutput(stack, "TargetGroup", value=group.target_group_arn)
        CfnOutput(stack, "TaskDefinition", value=definition.task_definition_arn)
        CfnOutput(stack, "SecretArn", value=secret.secret_arn)
        CfnOutput(stack, "ServiceName", value=service.service_name)
        CfnOutput(stack, "ClusterName", value=cluster.cluster_name)

    def _vpc(self) -> ec2.Vpc:
        return ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=1,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC),
                ec2.SubnetConfiguration(name="Tasks", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
                ec2.SubnetConfiguration(name="Data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            ],
            flow_logs={"All": ec2.FlowLogOptions(destination=ec2.FlowLogDestination.to_cloud_watch_logs())},
        )

    def _cache(
        self,
        vpc: ec2.Vpc,
        service: ecs.FargateService,
        secret: secretsmanager.Secret,
        log_group: logs.LogGroup,
    ) -> None:
        security_group = ec2.SecurityGroup(self, "CacheSg", vpc=vpc, allow_all_outbound=False)
        security_group.connections.allow_from(service, ec2.Port.tcp(6379), "tasks")
        security_group.add_egress_rule(ec2.Peer.ipv4("10.0.0.0/16"), ec2.Port.tcp(443), "nothing real")
        subnets = elasticache.CfnSubnetGroup(
            self,
            "CacheSubnets",
            description="isolated",
            subnet_ids=vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED).subnet_ids,
        )
        cache = elasticache.CfnReplicationGroup(
            self,
            "Cache",
            replication_group_description="counts",
            engine="redis",
            cache_node_type="cache.t4g.micro",
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[security_group.security_group_id],
            transit_encryption_enabled=True,
            at_rest_encryption_enabled=True,
            auth_token=secret.secret_value.unsafe_unwrap(),
            log_delivery_configurations=[
                elasticache.CfnReplicationGroup.LogDeliveryConfigurationRequestProperty(
                    destination_type="cloudwatch-logs",
                    log_format="json",
                    log_type="slow-log",
                    destination_details=elasticache.CfnReplicationGroup.DestinationDetailsProperty(
                        cloud_watch_logs_details=(
                            elasticache.CfnReplicationGroup.CloudWatchLogsDestinationDetailsProperty(
                                log_group=log_group.log_group_name
                            )
                        )
                    ),
                )
            ],
        )
        CfnOutput(Stack.of(self), "CacheHost", value=cache.attr_primary_end_point_address)
        CfnOutput(Stack.of(self), "CachePort", value=cache.attr_primary_end_point_port)


class Site(Construct):
    """Private bucket, distribution, pages; and a bucket with a website endpoint."""

    def __init__(
        self, scope: Construct, construct_id: str, *, api: elbv2.ApplicationLoadBalancer, revision: int
    ) -> None:
        super().__init__(scope, construct_id)
        moved = cloudfront.KeyValueStore(self, "Moved", comment=f"revision {revision}")
        bucket = s3.Bucket(
            self,
            "Pages",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=Duration.days(30))],
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        fallback = lambda_.Function(
            self,
            "Fallback",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handle",
            code=lambda_.Code.from_inline(_FALLBACK),
            log_group=logs.LogGroup(self, "FallbackLogs", removal_policy=RemovalPolicy.DESTROY),
        )
        distribution = cloudfront.Distribution(
            self,
            "Cdn",
            default_root_object="index.html",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(
                    bucket,
                    origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
                ),
                cache_policy=cloudfront.CachePolicy(
                    self,
                    "Caching",
                    enable_accept_encoding_gzip=True,
                    enable_accept_encoding_brotli=True,
                    default_ttl=Duration.hours(1),
                ),
                response_headers_policy=cloudfront.ResponseHeadersPolicy(
                    self,
                    "Headers",
                    custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                        custom_headers=[
                            cloudfront.ResponseCustomHeader(
                                header="x-revision", value=str(revision), override=True
                            )
                        ]
                    ),
                ),
                function_associations=[
                    cloudfront.FunctionAssociation(
                        event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
                        function=cloudfront.Function(
                            self,
                            "Routing",
                            code=cloudfront.FunctionCode.from_inline(_ROUTING),
                            runtime=cloudfront.FunctionRuntime.JS_2_0,
                        ),
                    )
                ],
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            ),
            additional_behaviors={
                "/api/*": cloudfront.BehaviorOptions(
                    origin=origins.HttpOrigin(
                        api.load_balancer_dns_name, protocol_policy=cloudfront.OriginProtocolPolicy.HTTP_ONLY
                    ),
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                ),
                "/files/*": cloudfront.BehaviorOptions(
                    origin=origins.OriginGroup(
                        primary_origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
                        fallback_origin=origins.FunctionUrlOrigin.with_origin_access_control(
                            fallback.add_function_url(auth_type=lambda_.FunctionUrlAuthType.AWS_IAM)
                        ),
                        fallback_status_codes=[403, 404],
                    ),
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                ),
                "/moved/*": cloudfront.BehaviorOptions(
                    origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
                    function_associations=[
                        cloudfront.FunctionAssociation(
                            event_type=cloudfront.FunctionEventType.VIEWER_REQUEST,
                            function=cloudfront.Function(
                                self,
                                "Moving",
                                code=cloudfront.FunctionCode.from_inline(_MOVED),
                                key_value_store=moved,
                            ),
                        )
                    ],
                ),
            },
            error_responses=[
                cloudfront.ErrorResponse(
                    http_status=404, response_http_status=404, response_page_path="/404.html"
                )
            ],
        )
        deployment.BucketDeployment(
            self,
            "Upload",
            sources=[
                deployment.Source.asset(str(FOLDER / "site")),
                deployment.Source.data("revision.txt", str(revision)),
            ],
            destination_bucket=bucket,
            distribution=distribution,
            distribution_paths=["/*"],
            cache_control=[deployment.CacheControl.max_age(Duration.minutes(5))],
        )
        website = s3.Bucket(
            self,
            "Website",
            website_index_document="index.html",
            website_error_document="404.html",
            public_read_access=True,
            block_public_access=s3.BlockPublicAccess(
                block_public_acls=False,
                block_public_policy=False,
                ignore_public_acls=False,
                restrict_public_buckets=False,
            ),
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        if revision == 1:
            logs.LogGroup(self, "GoneInTheNextRevision", removal_policy=RemovalPolicy.DESTROY)
        stack = Stack.of(self)
        CfnOutput(stack, "PagesBucket", value=bucket.bucket_name)
        CfnOutput(stack, "WebsiteBucket", value=website.bucket_name)
        CfnOutput(stack, "FallbackName", value=fallback.function_name)
        CfnOutput(stack, "MovedName", value=moved.key_value_store_ref.key_value_store_name)
        CfnOutput(stack, "MovedArn", value=moved.key_value_store_arn)
        CfnOutput(stack, "MovedId", value=moved.key_value_store_id)
        CfnOutput(stack, "DistributionDomain", value=distribution.distribution_domain_name)


class Fixture(Stack):
    """Everything in one stack, for the sake of time."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, env=Environment(region="us-east-1"))
        revision = int(self.node.try_get_context("revision") or "1")
        counter = Counter(self, "Counter", revision=revision)
        Site(self, "Site", api=counter.load_balancer, revision=revision)

    @property
    def availability_zones(self) -> list[str]:
        """Two zones, without asking AWS."""
        return [Fn.select(index, Fn.get_azs()) for index in range(2)]


app = App()
Fixture(app, "EmulatorFixture")
app.synth()
