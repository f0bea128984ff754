"""What a database instance needs around it, writer or replica."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct, IConstruct

from stacks.ecommerce.acknowledged import acknowledge, managed_policy
from stacks.ecommerce.data import database_engine
from stacks.ecommerce.network import subnets
from stacks.ecommerce.network.isolated_acl import POSTGRESQL

MONITORING: Final = Duration.seconds(60)
"""Between two measurements of enhanced monitoring."""


class DatabaseBase(Construct):
    """Subnets, security group, parameters, monitoring role and log groups of the instance `identifier`.

    Each region has its own of all of them, so that a promoted replica lacks nothing. The log groups have the names
    that RDS writes to: made before the instance, they have a key and a retention from the first line on; give
    `ready(instance)` the instance that is to wait for them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identifier: str,
        vpc: ec2.IVpc,
        workload_group: ec2.ISecurityGroup,
        operations_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.subnet_group = rds.SubnetGroup(
            self,
            "Subnets",
            description="Isolated subnets, in all zones",
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name=subnets.ISOLATED),
            removal_policy=removal_policy,
        )
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=vpc, description="Database of the orders", allow_all_outbound=False
        )
        self.security_group.add_ingress_rule(
            workload_group, ec2.Port.tcp(POSTGRESQL), "Nodes and pods of the shop"
        )
        self.parameter_group = rds.ParameterGroup(
            self,
            "Parameters",
            engine=database_engine.ENGINE,
            description="Orders: TLS only, connections and changes of structure and rights are logged",
            parameters=dict(database_engine.PARAMETERS),
            removal_policy=removal_policy,
        )
        self.monitoring_role = iam.Role(
            self,
            "MonitoringRole",
            assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AmazonRDSEnhancedMonitoringRole")
            ],
        )
        acknowledge(
            self.monitoring_role,
            managed_policy("service-role/AmazonRDSEnhancedMonitoringRole"),
            reason="AWS's own policy for this one purpose: it writes to the log group RDSOSMetrics and nothing "
            "else, and follows what the service needs.",
        )
        self._kept = removal_policy == RemovalPolicy.RETAIN
        self._logs = [
            logs.LogGroup(
                self,
                f"{name.title()}Logs",
                log_group_name=f"/aws/rds/instance/{identifier}/{name}",
                encryption_key=operations_key,
                retention=log_retention,
                removal_policy=removal_policy,
            )
            for name in database_engine.LOGS
        ]

    def ready(self, instance: IConstruct) -> None:
        """Let `instance` be made after the log groups, and say what is meant in it."""
        instance.node.add_dependency(*self._logs)
        acknowledge(
            instance,
            "AwsSolutions-RDS11",
            reason="PostgreSQL's own port: the network ACL and the security group let the shop's pods in at it and "
            "nobody else, so that another number would hide nothing.",
        )
        acknowledge(
            instance,
            "RDSInBackupPlan",
            reason="AWS Backup's plan is in EcommerceBackup (phase 5) and takes what has the platform's tag; from "
            "phase 2 on automated backups allow a restore to any second of the last two weeks.",
        )
        if not self._kept:
            acknowledge(
                instance,
                "AwsSolutions-RDS10",
                "RDSInstanceDeletionProtectionEnabled",
                reason="removal_policy=destroy asks for a platform that can be deleted whole, as for a trial; "
                "with the default, retain, the instance is protected and outlives its stack.",
            )
