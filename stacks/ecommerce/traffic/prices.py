"""List prices of the traffic layer, us-east-1 or global, for its settings' table.

Typed in from memory of the pages named, as those of stacks/prices.py, and nothing checks them.
"""

from typing import Final

from stacks.prices import Price

API_CACHE: Final = {
    "0.5": Price(0.020, "cache-hour", "Amazon API Gateway Pricing"),
    "1.6": Price(0.038, "cache-hour", "Amazon API Gateway Pricing"),
    "6.1": Price(0.200, "cache-hour", "Amazon API Gateway Pricing"),
}
ORIGIN_SHIELD: Final = Price(
    0.0075, "10,000 requests of us-east-1", "Amazon CloudFront Pricing, pay as you go"
)
