"""EcommerceDetection: what watches one region."""

from aws_cdk import Aws
from aws_cdk import aws_accessanalyzer as accessanalyzer
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security import findings
from stacks.ecommerce.security.configuration import Configuration
from stacks.ecommerce.security.posture import Posture
from stacks.ecommerce.security.threats import Threats
from stacks.ecommerce.told_events import ToldEvents
from stacks.ecommerce.topology import Region
from stacks.retention import removal_policy
from stacks.settings import Settings


class EcommerceDetection(PlatformStack):
    """IAM Access Analyzer always, which is free; GuardDuty, AWS Config and Security Hub as the settings say.

    `alarm_topic`: who is told of what is severe; none: nobody, and the findings are in the services' consoles.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        alarm_topic: sns.ITopic | None,
    ) -> None:
        super().__init__(
            scope,
            "Detection",
            region=region,
            settings=settings,
            purpose=f"what watches the {region.role} region {region.name}",
        )
        accessanalyzer.CfnAnalyzer(
            self,
            "OpenToOthers",
            type="ACCOUNT",
            analyzer_name=names.named("open-to-others", settings.stage),
        )
        if settings.ecommerce_guardduty:
            Threats(self, "Threats")
        if settings.ecommerce_config:
            configuration = Configuration(
                self,
                "Configuration",
                bucket_name=names.bucket(
                    "config", settings.stage, account=Aws.ACCOUNT_ID, region=region.name
                ),
                key=operations_key,
                records_global=region.role == "primary",
                removal_policy=removal_policy(settings),
            )
            if settings.ecommerce_security_hub:
                Posture(self, "Posture").node.add_dependency(configuration)
        if alarm_topic is not None:
            ToldEvents(
                self,
                "Findings",
                patterns=findings.patterns(
                    break_glass=names.role("break-glass", settings.stage),
                    guardduty=settings.ecommerce_guardduty,
                    security_hub=settings.ecommerce_security_hub,
                    config=settings.ecommerce_config,
                ),
                topic=alarm_topic,
                # by its ARN: a queue would write into the policy of a key that another stack has
                key=kms.Key.from_key_arn(self, "Key", operations_key.key_arn),
                queue_name=names.queue(findings.UNDELIVERED, settings.stage),
            )
