"""EcommerceEvents: the shop's events in one region."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce import names
from stacks.ecommerce.event_queue import DeadLetterQueue, EventQueue
from stacks.ecommerce.operations.bus import EventBus
from stacks.ecommerce.operations.cart_source import CartSource
from stacks.ecommerce.operations.delivery import Deliveries
from stacks.ecommerce.operations.order_source import OrderSource
from stacks.ecommerce.operations.replication import Replication
from stacks.ecommerce.operations.shop_events import UNDELIVERED
from stacks.ecommerce.operations.sizes import SIZES
from stacks.ecommerce.platform_function import PlatformFunction
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.topic_target import TopicTarget
from stacks.ecommerce.topology import Region
from stacks.retention import kept, removal_policy
from stacks.settings import Settings

_METRICS: Final = Path(__file__).parent / "business_metrics"


class EcommerceEvents(PlatformStack):
    """Bus, queues and rules of `region`, and their replication to the `others`.

    `carts_stream`: ARN of the carts' table's stream, in the primary; None elsewhere.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        operations_key: kms.IKey,
        data_key: kms.IKey,
        others: Sequence[str],
        carts_stream: str | None,
    ) -> None:
        super().__init__(
            scope,
            "Events",
            region=region,
            settings=settings,
            purpose=f"events of the {region.role} region {region.name}",
        )
        stage = settings.stage
        size = SIZES[settings.ecommerce_profile]
        # By its ARN: the bus would otherwise write itself into the policy of another stack's key.
        key = kms.Key.from_key_arn(self, "Key", operations_key.key_arn)
        undelivered = DeadLetterQueue(
            self, "Undelivered", queue_name=names.queue(UNDELIVERED, stage), key=key
        ).queue
        orders, fulfilment, notifications, payments = (
            EventQueue(
                self, of.title().replace("-", ""), queue_name=names.queue(of, stage), key=key, visibility=long
            )
            for of, long in (
                ("order-events", Duration.minutes(1)),
                ("fulfilment", Duration.minutes(15)),
                ("notifications", Duration.minutes(1)),
                ("payments", Duration.minutes(1)),
            )
        )
        bus_name = names.event_bus(stage)
        bus = EventBus(
            self,
            "Events",
            bus_name=bus_name,
            key=key,
            undelivered=undelivered,
            replayed_for=Duration.days(size.archive_days),
            removal_policy=removal_policy(settings),
        ).bus
        OrderSource(self, "OrderSource", queue=orders.queue, bus=bus, key=key, **kept(settings))
        if carts_stream is not None:
            CartSource(
                self,
                "CartSource",
                stream=carts_stream,
                data_key=kms.Key.from_key_arn(self, "DataKey", data_key.key_arn),
                undelivered=undelivered,
                bus=bus,
                key=key,
                **kept(settings),
            )
        measure = PlatformFunction(
            self,
            "Measure",
            description="Business metrics of the shop's events",
            folder=_METRICS,
            environment={"NAMESPACE": names.metric_namespace(stage)},
            key=key,
            failures=undelivered,
            **kept(settings),
        ).function
        stock = AlarmTopic(
            self,
            "Stock",
            email=settings.ecommerce_alarm_email,
            of="shop's stock",
            key=key,
            topic_name=names.topic("stock", stage),
            publishers=(),
        ).topic
        Deliveries(
            self,
            "Deliveries",
            bus=bus,
            region=region.name,
            undelivered=undelivered,
            fulfilment=fulfilment.queue,
            notifications=notifications.queue,
            payments=payments.queue,
            stock=TopicTarget(self, "StockTarget", topic=stock, key=key, undelivered=undelivered),
            low_stock=size.low_stock,
            measure=measure,
        )
        if others:
            Replication(
                self,
                "Replication",
                bus=bus,
                bus_name=bus_name,
                region=region.name,
                to=others,
                undelivered=undelivered,
            )
