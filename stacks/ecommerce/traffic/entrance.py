"""The load balancer of a region, and who may reach it."""

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce import services
from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.network import subnets
from stacks.ecommerce.traffic import timing

_HTTPS = 443


class Entrance(Construct):
    """An Application Load Balancer that CloudFront reaches and nobody else, with HTTPS alone.

    It has public addresses, as Route 53 can only choose among those (docs/decisions/0017). `cloudfront`: the id of
    CloudFront's prefix list here. `workload_group`: the pods', to which it may connect. Exposes `load_balancer`,
    `listener`, which answers 404 to whatever no rule knows, and `group`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        certificate: acm.ICertificate,
        cloudfront: str,
        workload_group: ec2.ISecurityGroup,
        logs: s3.IBucket,
        deletion_protection: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Load balancer of the shop: CloudFront in, pods out",
            allow_all_outbound=False,
        )
        self.group.add_ingress_rule(
            ec2.Peer.prefix_list(cloudfront), ec2.Port.tcp(_HTTPS), "CloudFront, over HTTPS"
        )
        self._between(workload_group)
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=True,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name=subnets.PUBLIC),
            security_group=self.group,
            deletion_protection=deletion_protection,
            drop_invalid_header_fields=True,
            desync_mitigation_mode=elbv2.DesyncMitigationMode.STRICTEST,
            http2_enabled=True,
            idle_timeout=Duration.seconds(timing.IDLE_TIMEOUT),
            preserve_host_header=True,
            # the web ACL is the security layer's; without an answer of it a request is refused
            waf_fail_open=False,
        )
        self.load_balancer.log_access_logs(logs, "access")
        self.load_balancer.log_connection_logs(logs, "connections")
        acknowledge(
            self.load_balancer,
            "ALBWAFEnabled",
            reason="The web ACL is associated by the stack EcommerceFirewall, phase 4; every request passes the "
            "distribution's web ACL before.",
        )
        if not deletion_protection:
            acknowledge(
                self.load_balancer,
                "ELBDeletionProtectionEnabled",
                reason="With removal_policy=destroy, for trials without customers, the stack has to be deletable.",
            )
        self.listener = self.load_balancer.add_listener(
            "Https",
            port=_HTTPS,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            open=False,
            certificates=[certificate],
            ssl_policy=elbv2.SslPolicy.TLS13_12_RES_PQ,
            default_action=elbv2.ListenerAction.fixed_response(
                404, content_type="text/plain", message_body="Not Found"
            ),
        )

    def _between(self, pods: ec2.ISecurityGroup) -> None:
        """Rules as resources of this stack: the pods' group is another stack's, which must not depend on this
        one."""
        ec2.CfnSecurityGroupEgress(
            self,
            "ToPods",
            group_id=self.group.security_group_id,
            destination_security_group_id=pods.security_group_id,
            ip_protocol="tcp",
            from_port=services.PORT,
            to_port=services.PORT,
            description="Pods of the shop",
        )
        ec2.CfnSecurityGroupIngress(
            self,
            "FromLoadBalancer",
            group_id=pods.security_group_id,
            source_security_group_id=self.group.security_group_id,
            ip_protocol="tcp",
            from_port=services.PORT,
            to_port=services.PORT,
            description="Load balancer of the shop",
        )
