"""EcommerceCost: what the platform costs, and who is told."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce import names
from stacks.ecommerce.cost.anomalies import CostAnomalies
from stacks.ecommerce.cost.budgets import Budgets
from stacks.ecommerce.cost.findings import Findings
from stacks.ecommerce.cost.sizes import MONTHLY_BUDGET
from stacks.ecommerce.operations import metrics
from stacks.ecommerce.operations.watch import Alarms, Watch
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import kept
from stacks.settings import Settings

_TAG = ("platform", "ecommerce")
_UNDELIVERED = "undelivered-findings"


class EcommerceCost(PlatformStack):
    """Budgets, anomalies and findings, which are in us-east-1 for all regions.

    Savings Plans and Reserved Instances are bought by people: no stack can. Cost allocation tags are activated by
    the payer's account (`aws ce update-cost-allocation-tags-status`), which no resource of CloudFormation does.
    """

    def __init__(
        self, scope: Construct, *, region: Region, settings: Settings, operations_key: kms.IKey
    ) -> None:
        super().__init__(
            scope, "Cost", region=region, settings=settings, purpose="budgets and cost anomalies"
        )
        stage = settings.stage
        key = kms.Key.from_key_arn(self, "Key", operations_key.key_arn)
        told = AlarmTopic(
            self,
            "Topic",
            email=settings.ecommerce_alarm_email,
            of="platform's costs",
            key=key,
            topic_name=names.topic("costs", stage),
            publishers=("cloudwatch", "budgets", "costalerts"),
        )
        Budgets(
            self,
            "Budgets",
            prefix=names.prefix(stage),
            usd=settings.ecommerce_monthly_budget or MONTHLY_BUDGET[settings.ecommerce_profile],
            tag=f"user:{_TAG[0]}${_TAG[1]}" if settings.ecommerce_budget_of == "platform" else None,
            topic=told.topic,
        )
        CostAnomalies(
            self,
            "Anomalies",
            prefix=names.prefix(stage),
            key=_TAG[0],
            value=_TAG[1],
            services_monitor=settings.ecommerce_services_monitor,
            usd=settings.ecommerce_anomaly_usd,
            topic=told.topic,
        )
        Findings(
            self,
            "Findings",
            topic=told.topic,
            key=key,
            queue_name=names.queue(_UNDELIVERED, stage),
            kept=kept(settings),
        )
        Alarms(
            self,
            "Alarms",
            watched=[
                Watch(
                    "Undelivered",
                    metrics.queue("ApproximateNumberOfMessagesVisible", _UNDELIVERED, "Maximum", stage=stage),
                    0,
                    says="A finding about costs was not delivered",
                    why="Money is spent that somebody could have saved",
                    runbook="costs",
                    periods=1,
                    datapoints=1,
                )
            ],
            topic=told,
        )
