"""The network of the counter: a VPC over two zones."""

from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct


class CounterNetwork(Construct):
    """A VPC with public subnets (load balancer), isolated ones (Redis) and a place for the tasks.

    `egress`: `public-ip` puts the tasks into the public subnets with an address each, from where they reach
    AWS's services without a NAT gateway; what reaches them is up to their security group alone. `nat` puts
    them into private subnets behind one NAT gateway, whose zone they depend on for new images and secrets.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        egress: Literal["public-ip", "nat"],
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        subnets = [
            ec2.SubnetConfiguration(
                name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
            ),
            ec2.SubnetConfiguration(name="Data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24),
        ]
        if egress == "nat":
            subnets.append(
                ec2.SubnetConfiguration(
                    name="Tasks", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=24
                )
            )
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.0.0.0/16"),
            max_azs=2,
            nat_gateways=1 if egress == "nat" else 0,
            subnet_configuration=subnets,
            restrict_default_security_group=True,
        )
        self.task_subnets = ec2.SubnetSelection(subnet_group_name="Tasks" if egress == "nat" else "Public")
        self.data_subnets = ec2.SubnetSelection(subnet_group_name="Data")
        self.tasks_have_public_address = egress == "public-ip"
        flow_logs = logs.LogGroup(self, "FlowLogs", retention=log_retention, removal_policy=removal_policy)
        self.vpc.add_flow_log(
            "FlowLog",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow_logs),
            # What was refused is what an investigation asks for; all traffic would cost many times as much.
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
