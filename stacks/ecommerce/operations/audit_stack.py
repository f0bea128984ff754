"""EcommerceAudit: who did what, in all regions."""

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce import names
from stacks.ecommerce.operations.log_anomalies import LogAnomalies
from stacks.ecommerce.operations.trail import Recorded, Trail
from stacks.ecommerce.operations.trail_alarms import TrailAlarms
from stacks.ecommerce.operations.trail_bucket import TrailBucket
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceAudit(PlatformStack):
    """The trail, its bucket and log, and its alarms to `alarm_topic`. `tables`: by what is in them."""

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        alarm_topic: AlarmTopic,
        tables: Sequence[str],
    ) -> None:
        super().__init__(
            scope,
            "Audit",
            region=region,
            settings=settings,
            purpose="audit trail of all regions",
            keeps_data=True,
        )
        stage = settings.stage
        removal = removal_policy(settings)
        key = kms.Key.from_key_arn(self, "Key", operations_key.key_arn)
        trail_name = names.trail(stage)

        def bucket_name(of: str) -> str:
            return names.bucket(of, stage, account=self.account, region=region.name)

        bucket = TrailBucket(
            self,
            "Store",
            bucket_name=bucket_name("audit"),
            access_log_name=bucket_name("audit-access"),
            trail_arn=self.format_arn(service="cloudtrail", resource="trail", resource_name=trail_name),
            key=key,
            removal_policy=removal,
        )
        trail = Trail(
            self,
            "Trail",
            trail_name=trail_name,
            bucket=bucket,
            key=key,
            recorded=Recorded(
                buckets=[f"{names.prefix(stage)}-"],
                but=[names.named("audit-", stage)],
                tables=[names.table(of, stage) for of in tables],
                whose=settings.ecommerce_audited_tables,
                own_roles="Ecommerce",
            ),
            insights=settings.ecommerce_trail_insights,
            log_retention=log_retention(settings),
            removal_policy=removal,
        )
        TrailAlarms(
            self,
            "Alarms",
            log_group=trail.log_group,
            namespace=f"{names.metric_namespace(stage)}/Audit",
            topic=alarm_topic,
        )
        if settings.ecommerce_log_anomalies:
            LogAnomalies(
                self,
                "Anomalies",
                log_group=trail.log_group,
                detector_name=names.trail(stage),
                key=key,
                topic=alarm_topic,
            )
