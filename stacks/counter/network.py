"""The network of the counter: a VPC over two zones."""

from typing import Final, Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.counter.endpoints import TaskEndpoints

# Subnets of their own for the tasks; with any other egress they share those of the load balancer.
_TASK_SUBNETS: Final = {
    "nat": ec2.SubnetType.PRIVATE_WITH_EGRESS,
    "endpoints": ec2.SubnetType.PRIVATE_ISOLATED,
}


class CounterNetwork(Construct):
    """A VPC with public subnets (load balancer), isolated ones (Redis) and a place for the tasks.

    `egress`: `public-ip` puts the tasks into the public subnets with an address each, from where they reach
    AWS's services without a NAT gateway; what reaches them is up to their security group alone. `nat` puts
    them into private subnets behind one NAT gateway, whose zone they depend on for new images and secrets.
    `endpoints` puts them into isolated subnets, from where they reach the services that they need and no other
    address; `endpoints` then holds the way there, else None.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        egress: Literal["public-ip", "nat", "endpoints"],
        exec_enabled: bool,
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
        if egress in _TASK_SUBNETS:
            subnets.append(
                ec2.SubnetConfiguration(name="Tasks", subnet_type=_TASK_SUBNETS[egress], cidr_mask=24)
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
        self.task_subnets = ec2.SubnetSelection(
            subnet_group_name="Tasks" if egress in _TASK_SUBNETS else "Public"
        )
        self.data_subnets = ec2.SubnetSelection(subnet_group_name="Data")
        self.tasks_have_public_address = egress == "public-ip"
        self.endpoints = (
            TaskEndpoints(self, "Endpoints", vpc=self.vpc, subnets=self.task_subnets, with_exec=exec_enabled)
            if egress == "endpoints"
            else None
        )
        flow_logs = logs.LogGroup(self, "FlowLogs", retention=log_retention, removal_policy=removal_policy)
        self.vpc.add_flow_log(
            "FlowLog",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow_logs),
            # What was refused is what an investigation asks for; all traffic would cost many times as much.
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )
