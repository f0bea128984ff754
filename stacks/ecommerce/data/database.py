"""The orders' database, which takes the writes."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce.data import database_engine
from stacks.ecommerce.data.database_base import MONITORING, DatabaseBase


class OrdersDatabase(Construct):
    """RDS for PostgreSQL with a standby in another zone, encrypted, in subnets without a way out.

    A failover to the standby takes 60 to 120 seconds and loses nothing ("Configuring and managing a Multi-AZ
    deployment for Amazon RDS"); the automated backups go back to any second of `backups_kept` but the last five
    minutes. Exposes `instance`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identifier: str,
        base: DatabaseBase,
        vpc: ec2.IVpc,
        secret: secretsmanager.ISecret,
        key: kms.IKey,
        instance_class: str,
        storage_gb: int,
        max_storage_gb: int,
        backups_kept: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.instance = rds.DatabaseInstance(
            self,
            "Instance",
            instance_identifier=identifier,
            engine=database_engine.ENGINE,
            instance_type=ec2.InstanceType(instance_class),
            database_name=database_engine.NAME,
            # Not from_secret: that writes the host into the secret, and so into its replicas in other regions.
            credentials=rds.Credentials.from_password(
                database_engine.USERNAME, secret.secret_value_from_json("password")
            ),
            vpc=vpc,
            subnet_group=base.subnet_group,
            security_groups=[base.security_group],
            publicly_accessible=False,
            multi_az=True,
            storage_type=rds.StorageType.GP3,
            allocated_storage=storage_gb,
            max_allocated_storage=max_storage_gb,
            storage_encryption_key=key,
            parameter_group=base.parameter_group,
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            iam_authentication=True,
            auto_minor_version_upgrade=True,
            preferred_maintenance_window=database_engine.MAINTENANCE["primary"],
            backup_retention=backups_kept,
            preferred_backup_window=database_engine.BACKUPS["primary"],
            delete_automated_backups=removal_policy == RemovalPolicy.DESTROY,
            copy_tags_to_snapshot=True,
            cloudwatch_logs_exports=list(database_engine.LOGS),
            enable_performance_insights=True,
            performance_insight_encryption_key=key,
            performance_insight_retention=rds.PerformanceInsightRetention.DEFAULT,
            database_insights_mode=rds.DatabaseInsightsMode.STANDARD,
            monitoring_interval=MONITORING,
            monitoring_role=base.monitoring_role,
            deletion_protection=removal_policy == RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )
        base.ready(self.instance)
