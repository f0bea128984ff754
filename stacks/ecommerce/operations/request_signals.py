"""What customers notice of a region: errors, waiting, and services that nobody answers for."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from stacks.ecommerce.operations import metrics
from stacks.ecommerce.operations.watch import MINUTE, Watch

_ERROR_PERCENT: Final = 5
# One customer's failed request is no alarm, whatever part of a quiet minute it is.
_ERRORS_THAT_COUNT: Final = 5
# The slowest of the shop: it waits for the payment provider.
_CHECKOUT_SECONDS: Final = 3


def error_percent(load_balancer: elbv2.IApplicationLoadBalancer) -> cloudwatch.MathExpression:
    """The part of the answers that are 5xx, the services' and the load balancer's own, percent."""
    seen = load_balancer.metrics
    return cloudwatch.MathExpression(
        expression=f"IF(FILL(failed, 0) + FILL(refused, 0) >= {_ERRORS_THAT_COUNT}, "
        "100 * (FILL(failed, 0) + FILL(refused, 0)) / asked, 0)",
        using_metrics={
            "failed": seen.http_code_target(
                elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=MINUTE, statistic="Sum"
            ),
            "refused": seen.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT, period=MINUTE, statistic="Sum"),
            "asked": seen.request_count(period=MINUTE, statistic="Sum"),
        },
        label="5xx, percent",
        period=MINUTE,
    )


def watched(
    load_balancer: elbv2.IApplicationLoadBalancer,
    target_groups: Mapping[str, elbv2.IApplicationTargetGroup],
    *,
    slow_seconds: int,
    api_name: str | None,
) -> list[Watch]:
    """What is watched at a region's entrance; `target_groups` by the service's name."""
    found = [
        Watch(
            "Errors",
            error_percent(load_balancer),
            _ERROR_PERCENT,
            says=f"More than {_ERROR_PERCENT} % of the answers are 5xx",
            why="Customers see an error page",
            runbook="requests",
            datapoints=2,
        ),
        Watch(
            "Slow",
            load_balancer.metrics.target_response_time(period=MINUTE, statistic="p99"),
            slow_seconds,
            says=f"One answer in a hundred takes longer than {slow_seconds} s",
            why="Customers wait, and leave",
            runbook="requests",
            periods=5,
            datapoints=4,
        ),
    ]
    found += [
        Watch(
            f"NoHost-{service}",
            group.metrics.healthy_host_count(period=MINUTE, statistic="Minimum"),
            1,
            says=f"No pod of {service} is healthy",
            why="That part of the shop is down in this region",
            runbook="requests",
            side="below",
            # a group without a single pod has no data
            silence="ill",
        )
        for service, group in target_groups.items()
    ]
    if "checkout" in target_groups:
        found.append(
            Watch(
                "SlowCheckout",
                target_groups["checkout"].metrics.target_response_time(period=MINUTE, statistic="p95"),
                _CHECKOUT_SECONDS,
                says=f"One checkout in twenty takes longer than {_CHECKOUT_SECONDS} s",
                why="Payments are on this way: customers give up or pay twice",
                runbook="requests",
            )
        )
    if api_name is not None:
        found.append(
            Watch(
                "ApiErrors",
                metrics.api("5XXError", "Average", api_name=api_name),
                _ERROR_PERCENT / 100,
                says=f"More than {_ERROR_PERCENT} % of the API's answers are 5xx",
                why="Partners and apps see errors",
                runbook="requests",
            )
        )
    return found
