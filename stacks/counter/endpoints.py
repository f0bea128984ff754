"""The way to AWS's services for tasks in subnets that lead nowhere else."""

from typing import Final

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks import ecr_layers

_Service = ec2.InterfaceVpcEndpointAwsService
# "Amazon ECR interface VPC endpoints", "Using AWS Secrets Manager with VPC endpoints": image, secret, log.
_ALWAYS: Final = {
    "EcrApi": _Service.ECR,
    "EcrDocker": _Service.ECR_DOCKER,
    "Logs": _Service.CLOUDWATCH_LOGS,
    "Secrets": _Service.SECRETS_MANAGER,
}
# "Amazon ECS interface VPC endpoints": what the SSM agent of ECS Exec calls, the key of the session among it.
_FOR_EXEC: Final = {"Exec": _Service.SSM_MESSAGES, "Kms": _Service.KMS}


class TaskEndpoints(Construct):
    """Interface endpoints in `subnets`, and a gateway endpoint to S3, where ECR keeps the layers of images.

    `security_group`: that of the interface endpoints; it admits nobody until somebody is connected to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.Vpc,
        subnets: ec2.SubnetSelection,
        with_exec: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Endpoints of AWS services for the visitor counter",
            allow_all_outbound=False,
        )
        for name, service in (_ALWAYS | (_FOR_EXEC if with_exec else {})).items():
            ec2.InterfaceVpcEndpoint(
                self,
                name,
                vpc=vpc,
                service=service,
                subnets=subnets,
                security_groups=[self.security_group],
                open=False,  # the CDK would let the whole VPC in
            )
        storage = ec2.GatewayVpcEndpoint(
            self,
            "S3",
            vpc=vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[subnets],
        )
        storage.add_to_policy(ecr_layers.may_be_read())  # no other bucket is reached from here
