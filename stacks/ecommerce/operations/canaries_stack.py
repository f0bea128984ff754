"""EcommerceCanaries: the shop as a customer of one region sees it."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce import names
from stacks.ecommerce.operations import metrics
from stacks.ecommerce.operations.journey_canary import JourneyCanary
from stacks.ecommerce.operations.sizes import SIZES
from stacks.ecommerce.operations.watch import Alarms, Watch
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings

_JOURNEY = "journey"


class EcommerceCanaries(PlatformStack):
    """A customer's journey from `region` to `shop`, the URL that customers use: Route 53 and CloudFront lead it
    where they lead the customers of that part of the world. An alarm tells `alarm_topic`.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        alarm_topic: AlarmTopic,
        shop: str,
    ) -> None:
        super().__init__(
            scope,
            "Canaries",
            region=region,
            settings=settings,
            purpose=f"a customer's journey from the {region.role} region {region.name}",
        )
        stage = settings.stage
        minutes = SIZES[settings.ecommerce_profile].canary_minutes
        JourneyCanary(
            self,
            "Journey",
            canary_name=names.canary(_JOURNEY, stage),
            shop=shop,
            minutes=minutes,
            bucket_name=names.bucket("journeys", stage, account=self.account, region=region.name),
            key=kms.Key.from_key_arn(self, "Key", operations_key.key_arn),
            log_retention=log_retention(settings),
            removal_policy=removal_policy(settings),
        )
        Alarms(
            self,
            "Alarms",
            watched=[
                Watch(
                    "Journey",
                    metrics.canary(
                        "SuccessPercent", of=_JOURNEY, stage=stage, period=Duration.minutes(max(5, minutes))
                    ),
                    90,
                    says=f"The journey from {region.name} to the cart fails",
                    why="Customers of that part of the world cannot shop, whatever the other alarms say",
                    runbook="requests",
                    side="below",
                    periods=1 if minutes > 5 else 2,
                    datapoints=1 if minutes > 5 else 2,
                    # a canary that does not run sees nothing
                    silence="ill",
                )
            ],
            topic=alarm_topic,
        )
