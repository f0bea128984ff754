"""Rules of the shop's bus: what goes to whom."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.operations.shop_events import (
    FACTS,
    INVENTORY_CHANGED,
    ORDER_PLACED,
    ORDER_SHIPPED,
    PAYMENT_REPORTED,
    EventType,
)
from stacks.ecommerce.topic_target import TopicTarget

# EventBridge's own limit: a day of attempts, until what is down is up again.
GIVEN_UP_AFTER = Duration.hours(24)


class Deliveries(Construct):
    """Who gets which of the events of `bus`.

    Each order is fulfilled once: a rule takes the events of its own `region`, and not those that were replicated
    from another (replication.py). What cannot be delivered within a day goes to `undelivered`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus: events.IEventBus,
        region: str,
        undelivered: sqs.IQueue,
        fulfilment: sqs.IQueue,
        notifications: sqs.IQueue,
        payments: sqs.IQueue,
        stock: TopicTarget,
        low_stock: int,
        measure: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._bus = bus
        self._region = region
        self._undelivered = undelivered
        self._rule(
            "Fulfilment",
            "An order waits to be packed",
            [ORDER_PLACED],
            targets.SqsQueue(fulfilment, **self._patiently()),
        )
        self._rule(
            "Notifications",
            "The customer is told of his order",
            [ORDER_PLACED, ORDER_SHIPPED],
            targets.SqsQueue(notifications, **self._patiently()),
        )
        self._rule(
            "Payments",
            "The provider's word waits for who checks its signature",
            [PAYMENT_REPORTED],
            targets.SqsQueue(payments, **self._patiently()),
        )
        self._rule(
            "LowStock",
            f"Fewer than {low_stock} of a product are left",
            [INVENTORY_CHANGED],
            stock.saying(
                events.RuleTargetInput.from_text(
                    f"{events.EventField.from_path('$.detail.available')} left of product "
                    f"{events.EventField.from_path('$.detail.productId')}"
                )
            ),
            detail={"available": events.Match.less_than(low_stock)},
        )
        self._rule(
            "Metrics",
            "Business metrics of all events",
            FACTS,
            targets.LambdaFunction(measure, **self._patiently()),
        )

    def _rule(
        self,
        construct_id: str,
        description: str,
        wanted: Sequence[EventType],
        target: events.IRuleTarget,
        detail: dict[str, Any] | None = None,
    ) -> None:
        events.Rule(
            self,
            construct_id,
            event_bus=self._bus,
            description=description,
            event_pattern=events.EventPattern(
                source=sorted({event.source for event in wanted}),
                detail_type=[event.name for event in wanted],
                region=[self._region],
                detail=detail,
            ),
            targets=[target],
        )

    def _patiently(self) -> dict[str, Any]:
        return {
            "dead_letter_queue": self._undelivered,
            "max_event_age": GIVEN_UP_AFTER,
            "retry_attempts": 185,
        }
