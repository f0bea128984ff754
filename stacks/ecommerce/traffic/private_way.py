"""The API's way to the load balancer, which does not lead over the internet."""

from collections.abc import Sequence

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from stacks.ecommerce.network import subnets
from stacks.ecommerce.traffic import origin_header

_HTTPS = 443


class PrivateWay(Construct):
    """A VPC link (V2, which REST APIs can use to an Application Load Balancer) in the private subnets.

    `host`: the name by which it knows the load balancer's certificate. `group`: the load balancer's. `header`: the
    value of the field that lets the API in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        load_balancer: elbv2.IApplicationLoadBalancer,
        group: ec2.ISecurityGroup,
        host: str,
        header: str,
    ) -> None:
        super().__init__(scope, construct_id)
        own = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="API of the shop, to the load balancer",
            allow_all_outbound=False,
        )
        ec2.CfnSecurityGroupEgress(
            self,
            "ToLoadBalancer",
            group_id=own.security_group_id,
            destination_security_group_id=group.security_group_id,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            description="Load balancer of the shop",
        )
        ec2.CfnSecurityGroupIngress(
            self,
            "FromApi",
            group_id=group.security_group_id,
            source_security_group_id=own.security_group_id,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            description="API of the shop",
        )
        self._link = apigatewayv2.VpcLink(
            self,
            "Link",
            vpc=vpc,
            subnets=ec2.SubnetSelection(subnet_group_name=subnets.PRIVATE),
            security_groups=[own],
        )
        self._target = load_balancer.load_balancer_arn
        self._host = host
        self._header = header

    def to(
        self, path: str, method: str, *, parameters: Sequence[str], query: Sequence[str]
    ) -> apigateway.Integration:
        """Ask the load balancer for `path`, with the path `parameters` that it names, and pass `query` on; a cached
        answer is that of the same values of both."""
        passed = [f"path.{name}" for name in parameters] + [f"querystring.{name}" for name in query]
        return apigateway.HttpIntegration(
            f"https://{self._host}{path}",
            http_method=method,
            proxy=True,
            options=apigateway.IntegrationOptions(
                request_parameters={
                    f"integration.request.header.{origin_header.NAME}": f"'{self._header}'",
                    **{f"integration.request.{each}": f"method.request.{each}" for each in passed},
                },
                cache_key_parameters=[f"method.request.{each}" for each in passed],
            ),
        )

    def take(self, method: apigateway.Method) -> None:
        """Let `method` go this way. The L2 constructs know VPC links of the first version only."""
        made = method.node.default_child
        if not isinstance(made, apigateway.CfnMethod):
            raise TypeError(f"the method of {method.node.path} is no longer a CfnMethod")
        made.add_property_override("Integration.ConnectionType", "VPC_LINK")
        made.add_property_override("Integration.ConnectionId", self._link.vpc_link_id)
        made.add_property_override("Integration.IntegrationTarget", self._target)
