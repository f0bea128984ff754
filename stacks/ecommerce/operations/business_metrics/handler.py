"""One event of the shop's bus becomes a line of the log that CloudWatch reads metrics from.

"Specification: Embedded metric format", Amazon CloudWatch User Guide. No call is made, so there is nothing to fail
but the event itself; one that is not as its schema says raises, and ends up in the dead-letter queue.
"""

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Event = Mapping[str, Any]
# Name, unit and value of each metric. No metric has a product or a customer for a dimension: each combination would
# be a metric, and paid for.
Measures = list[tuple[str, str, float]]


def _order_placed(detail: Event) -> Measures:
    items = detail["order"]["orderItems"]
    return [("OrdersPlaced", "Count", 1), ("ItemsOrdered", "Count", len(items))]


def _item_added(_: Event) -> Measures:
    return [("ItemsAdded", "Count", 1)]


def _payment_taken(detail: Event) -> Measures:
    return [
        ("PaymentLatency", "Milliseconds", detail["milliseconds"]),
        ("PaymentsDeclined", "Count", 0 if detail["approved"] else 1),
    ]


def _order_shipped(_: Event) -> Measures:
    return [("OrdersShipped", "Count", 1)]


def _inventory_changed(detail: Event) -> Measures:
    return [("InventoryLevel", "Count", detail["available"])]


MEASURES: Mapping[str, Callable[[Event], Measures]] = {
    "Order Placed": _order_placed,
    "Item Added": _item_added,
    "Payment Taken": _payment_taken,
    "Order Shipped": _order_shipped,
    "Inventory Changed": _inventory_changed,
}


def line(event: Event, *, namespace: str) -> dict[str, Any]:
    """What is logged for `event`. Raises KeyError for an event that is not known or lacks something."""
    measures = MEASURES[event["detail-type"]](event["detail"])
    at = datetime.fromisoformat(event["time"])
    return {
        "_aws": {
            "Timestamp": int(at.timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": namespace,
                    "Dimensions": [[]],
                    "Metrics": [{"Name": name, "Unit": unit} for name, unit, _ in measures],
                }
            ],
        },
        "event": event["id"],
        **{name: value for name, _, value in measures},
    }


def handle(event: Event, _: object) -> None:
    """Called by EventBridge with one event."""
    print(json.dumps(line(event, namespace=os.environ["NAMESPACE"])))
