"""The private subnets' way to AWS's services that does not lead over the internet."""

from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks import ecr_layers
from stacks.ecommerce.network import subnets
from stacks.ecommerce.network.endpoint_services import INTERFACE_ENDPOINTS


class GatewayEndpoints(Construct):
    """S3 and DynamoDB, free, in the private subnets' route tables.

    Through them one reaches this account's buckets and tables and no other's: a pod that is taken over cannot carry
    data to an account of its own. ECR's own buckets, where it keeps layers, are the one exception.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.Vpc) -> None:
        super().__init__(scope, construct_id)
        private = [ec2.SubnetSelection(subnet_group_name=subnets.PRIVATE)]
        storage = ec2.GatewayVpcEndpoint(
            self, "S3", vpc=vpc, service=ec2.GatewayVpcEndpointAwsService.S3, subnets=private
        )
        storage.add_to_policy(_own("s3:*"))
        storage.add_to_policy(ecr_layers.may_be_read())
        tables = ec2.GatewayVpcEndpoint(
            self, "DynamoDb", vpc=vpc, service=ec2.GatewayVpcEndpointAwsService.DYNAMODB, subnets=private
        )
        tables.add_to_policy(_own("dynamodb:*"))


class InterfaceEndpoints(Construct):
    """An endpoint in every zone for each service that nodes and pods call; admits the private subnets."""

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.Vpc) -> None:
        super().__init__(scope, construct_id)
        private = ec2.SubnetSelection(subnet_group_name=subnets.PRIVATE)
        group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Endpoints of AWS services for the private subnets",
            allow_all_outbound=False,
        )
        for subnet in vpc.select_subnets(subnet_group_name=subnets.PRIVATE).subnets:
            group.add_ingress_rule(
                ec2.Peer.ipv4(subnet.ipv4_cidr_block), ec2.Port.tcp(443), "Nodes and pods of one zone"
            )
        for service in INTERFACE_ENDPOINTS:
            ec2.InterfaceVpcEndpoint(
                self,
                service.title().replace(".", "").replace("-", ""),
                vpc=vpc,
                service=ec2.InterfaceVpcEndpointAwsService(service),
                subnets=private,
                security_groups=[group],
                open=False,  # the CDK would let the whole VPC in
            )


def _own(action: str) -> iam.PolicyStatement:
    """Whatever the caller's own policies allow, in this account: an endpoint's policy grants nothing by itself."""
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=[action],
        resources=["*"],
        conditions={"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}},
    )
