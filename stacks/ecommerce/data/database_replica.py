"""A read replica of the orders' database in another region than its source."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.data import database_engine
from stacks.ecommerce.data.database_base import MONITORING, DatabaseBase
from stacks.ecommerce.network.isolated_acl import POSTGRESQL
from stacks.ecommerce.topology import Role


class OrdersReplica(Construct):
    """Follows the instance of the same identifier in `source_region`, a second or so behind.

    As complete as the writer, so that it can be promoted by one call: its own region's key, parameters, backups,
    logs and protection. Users and passwords are its source's. Exposes `instance`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identifier: str,
        source_region: str,
        role: Role,
        base: DatabaseBase,
        vpc: ec2.IVpc,
        key: kms.IKey,
        instance_class: str,
        max_storage_gb: int,
        backups_kept: Duration,
        multi_az: bool,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.instance = rds.DatabaseInstanceReadReplica(
            self,
            "Instance",
            instance_identifier=identifier,
            source_database_instance=rds.DatabaseInstance.from_database_instance_attributes(
                self,
                "Source",
                instance_identifier=identifier,
                instance_endpoint_address="",  # nobody connects to it from here
                port=POSTGRESQL,
                security_groups=[],
                engine=database_engine.ENGINE,
            ),
            instance_type=ec2.InstanceType(instance_class),
            vpc=vpc,
            subnet_group=base.subnet_group,
            security_groups=[base.security_group],
            publicly_accessible=False,
            multi_az=multi_az,
            storage_type=rds.StorageType.GP3,
            max_allocated_storage=max_storage_gb,
            storage_encryption_key=key,
            parameter_group=base.parameter_group,
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            iam_authentication=True,
            auto_minor_version_upgrade=True,
            preferred_maintenance_window=database_engine.MAINTENANCE[role],
            preferred_backup_window=database_engine.BACKUPS[role],
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
        made = self.instance.node.default_child
        if not isinstance(made, rds.CfnDBInstance):
            raise TypeError(f"the replica of {self.instance.node.path} is no longer a CfnDBInstance")
        # The L2 construct takes the source to be in the replica's own region.
        made.source_db_instance_identifier = (
            f"arn:{Aws.PARTITION}:rds:{source_region}:{Aws.ACCOUNT_ID}:db:{identifier}"
        )
        made.source_region = source_region
        made.storage_encrypted = None  # its source's, and refused beside a source
        made.engine = "postgres"
        made.engine_version = database_engine.VERSION.postgres_full_version
        # Its own backups, so that a promoted one has some at once. PostgreSQL's replicas can from version 14 on
        # ("Creating a read replica"), which the L2 construct does not know.
        made.backup_retention_period = int(backups_kept.to_days())
        base.ready(self.instance)
        acknowledge(
            self.instance,
            "AwsSolutions-RDS2",
            "RDSStorageEncrypted",
            "CKV_AWS_16",
            reason="A replica is encrypted as its source is, and CloudFormation refuses to be told so; the key of "
            "its own region is given.",
        )
        if not multi_az:
            acknowledge(
                self.instance,
                "AwsSolutions-RDS3",
                "RDSMultiAZSupport",
                "CKV_AWS_157",
                reason="A copy for reading whose source has a standby: when its zone fails, readers take the "
                "source, and a promoted one is given a standby by the runbook, without downtime.",
            )
