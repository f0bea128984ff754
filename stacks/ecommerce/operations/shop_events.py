"""The shop's events: what each is called, what is in it, an example, and who sends it. Knows no construct.

Rules, schemas, the metrics' function and the tests take them from here. None has a customer's name, address or card
in it: what needs them asks the service that has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: `name` is its detail-type. `detail`: JSON schema (draft 4) of its detail.

    `sent_by`: who puts it on the bus; empty for one that the shop's sample does not send, and that whoever adds
    the system for it has to. `replicated`: whether the other regions get it too.
    """

    name: str
    source: str
    detail: Json
    example: Json
    sent_by: str = ""
    replicated: bool = True

    @property
    def schema(self) -> dict[str, Any]:
        """The whole event's schema."""
        text = {"type": "string"}
        return {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "title": self.name,
            "type": "object",
            "required": ["id", "source", "detail-type", "time", "region", "detail"],
            "properties": {
                **dict.fromkeys(("id", "account", "time", "region"), text),
                "source": {"enum": [self.source]},
                "detail-type": {"enum": [self.name]},
                "detail": self.detail,
            },
        }

    def in_region(self, region: str) -> dict[str, Any]:
        """The example as it is on the bus of the region where it was sent."""
        return {
            "version": "0",
            "id": "11112222-3333-4444-5555-666677778888",
            "account": "123456789012",
            "time": "2026-11-27T08:00:00Z",
            "region": region,
            "resources": [],
            "source": self.source,
            "detail-type": self.name,
            "detail": dict(self.example),
        }


def _object(**properties: Json) -> Json:
    return {"type": "object", "required": list(properties), "properties": properties}


_TEXT: Final[Json] = {"type": "string"}
_NUMBER: Final[Json] = {"type": "integer", "minimum": 0}
_ITEMS: Final[Json] = {"type": "array", "items": _object(productId=_TEXT, quantity=_NUMBER)}

ORDER_PLACED: Final = EventType(
    "Order Placed",
    "shop.orders",
    _object(order=_object(id=_TEXT, orderItems=_ITEMS)),
    {"order": {"id": "4f9d", "orderItems": [{"productId": "d4edfedb", "quantity": 2, "unitCost": 109}]}},
    sent_by="the orders service, through the queue order-events and a pipe",
)
ITEM_ADDED: Final = EventType(
    "Item Added",
    "shop.cart",
    _object(productId=_TEXT),
    {"productId": "d4edfedb"},
    sent_by="the stream of the carts' table, through a pipe of the primary region",
    # the busiest of all, and of no use elsewhere
    replicated=False,
)
# What the payment provider says, before anybody has checked its signature: it is no fact yet, and so no metric.
PAYMENT_REPORTED: Final = EventType(
    "Payment Reported",
    "shop.payments",
    _object(payment=_object(id=_TEXT, type=_TEXT, orderId=_TEXT), signature=_TEXT),
    {"payment": {"id": "p-1", "type": "payment.succeeded", "orderId": "4f9d"}, "signature": "t=1,v1=5257"},
    sent_by="the payment provider, through the API's POST /v1/events/payments",
)
PAYMENT_TAKEN: Final = EventType(
    "Payment Taken",
    "shop.payments",
    _object(orderId=_TEXT, milliseconds=_NUMBER, approved={"type": "boolean"}),
    {"orderId": "4f9d", "milliseconds": 840, "approved": True},
)
ORDER_SHIPPED: Final = EventType(
    "Order Shipped", "shop.fulfilment", _object(orderId=_TEXT), {"orderId": "4f9d"}
)
INVENTORY_CHANGED: Final = EventType(
    "Inventory Changed",
    "shop.inventory",
    _object(productId=_TEXT, available=_NUMBER),
    {"productId": "d4edfedb", "available": 3},
)

CONSUMED: Final = ("order-events", "fulfilment")
"""The queues that somebody empties: the pipe of orders, and the batch work that packs them."""
KEPT: Final = ("notifications", "payments")
"""Those that wait for a system that the shop's sample does not have: nobody is woken because of them."""
UNDELIVERED: Final = "undelivered"

FACTS: Final = (ORDER_PLACED, ITEM_ADDED, PAYMENT_TAKEN, ORDER_SHIPPED, INVENTORY_CHANGED)
EVENTS: Final = (*FACTS, PAYMENT_REPORTED)
