"""What the events say of the business, as formulas over the metrics that business_metrics/handler.py makes."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from stacks.ecommerce.operations import metrics
from stacks.ecommerce.operations.watch import Watch

_HOUR = Duration.hours(1)
_FIVE_MINUTES = Duration.minutes(5)
# A quiet hour's three carts are no share of anything.
_CARTS_THAT_COUNT = 20


def cart_abandonment(stage: str | None, *, period: Duration = _HOUR) -> cloudwatch.MathExpression:
    """The part of the items put in carts that no order took within the period, percent.

    Of items, as the cart service keeps a row for each item and none for a cart. Carts of one hour are ordered in
    the next, and orders of all regions count where they are placed: a trend, and no account.
    """
    return cloudwatch.MathExpression(
        expression=f"IF(added >= {_CARTS_THAT_COUNT}, 100 * (1 - MIN([ordered, added]) / added))",
        using_metrics={
            "added": metrics.business("ItemsAdded", "Sum", stage=stage, period=period),
            "ordered": metrics.business("ItemsOrdered", "Sum", stage=stage, period=period),
        },
        label="carts abandoned, percent",
        period=period,
    )


def payments_declined(stage: str | None) -> cloudwatch.MathExpression:
    """The part of the payments that the provider declined, percent."""
    return cloudwatch.MathExpression(
        expression="IF(payments >= 10, 100 * declined / payments)",
        using_metrics={
            "declined": metrics.business("PaymentsDeclined", "Sum", stage=stage, period=_FIVE_MINUTES),
            "payments": metrics.business(
                "PaymentsDeclined", "SampleCount", stage=stage, period=_FIVE_MINUTES
            ),
        },
        label="payments declined, percent",
        period=_FIVE_MINUTES,
    )


def payment_latency(stage: str | None, *, region: str | None = None) -> cloudwatch.Metric:
    """What 95 of 100 payments took at most, milliseconds."""
    return metrics.business(
        "PaymentLatency",
        "p95",
        stage=stage,
        period=_FIVE_MINUTES,
        label=f"payment, p95 {region or ''}".strip(),
        region=region,
    )


def watched(stage: str | None, *, carts_counted: bool) -> list[Watch]:
    """What is watched of the business in one region; `carts_counted`: whether the carts' pipe is there."""
    found = [
        Watch(
            "PaymentLatency",
            payment_latency(stage),
            3000,
            says="One payment in twenty takes longer than 3 s",
            why="Customers give up or pay twice",
            runbook="business",
        ),
        Watch(
            "PaymentsDeclined",
            payments_declined(stage),
            20,
            says="More than 20 % of the payments are declined",
            why="The provider is ill, or stolen cards are tried out here",
            runbook="business",
        ),
    ]
    if carts_counted:
        found.append(
            Watch(
                "CartAbandonment",
                cart_abandonment(stage),
                95,
                says="More than 95 % of what is put in carts is not ordered",
                why="The way from the cart to the order is broken, or a price is wrong",
                runbook="business",
                periods=2,
                datapoints=2,
            )
        )
    return found
