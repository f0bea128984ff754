"""What the operations layer is priced by, beyond stacks/prices.py; US dollars, us-east-1, typed in from memory."""

from typing import Final

from stacks.prices import Price

_CLOUDWATCH: Final = "Amazon CloudWatch Pricing"
_CLOUDTRAIL: Final = "AWS CloudTrail Pricing"

DATA_EVENTS: Final = Price(0.10, "100,000 recorded events", _CLOUDTRAIL)
TRAIL_INSIGHTS: Final = Price(0.35, "100,000 management events", _CLOUDTRAIL)
CANARY_RUN: Final = Price(0.0012, "run", _CLOUDWATCH)
ANOMALY_ALARM_METRICS: Final = 3
COMPOSITE_ALARM: Final = Price(0.50, "composite alarm and month", _CLOUDWATCH)
EVENTS: Final = Price(1.00, "million events", "Amazon EventBridge Pricing")
PIPE_REQUESTS: Final = Price(0.40, "million requests", "Amazon EventBridge Pricing")
TRACES: Final = Price(5.00, "million traces recorded", "AWS X-Ray Pricing")
RIGHTSIZING_CALL: Final = Price(0.01, "request", "AWS Cost Explorer Pricing")

MINUTES_PER_MONTH: Final = 730 * 60


def canary(minutes: int) -> float:
    """US dollars a month of one canary that runs every `minutes`, before its Lambda and its artefacts."""
    return MINUTES_PER_MONTH / minutes * CANARY_RUN.usd
