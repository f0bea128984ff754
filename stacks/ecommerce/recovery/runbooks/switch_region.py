"""Moves writes to another region, or back."""

from typing import Any

from stacks.ecommerce.recovery.runbooks.steps import call, text
from stacks.ecommerce.recovery.runbooks.steps import document as made


def document(_stage: str | None) -> dict[str, Any]:
    """Starts the Region Switch plan. To be run in the region that shall take the writes."""
    return made(
        "Moves the shop's writes to this region: a failover, or the way back. Graceful while the other region "
        "answers: it is fenced off first, and no order is lost. Ungraceful when it does not.",
        {
            "PlanArn": text(
                "Output PlanArn of the stack EcommerceRecovery",
                r"^arn:aws[a-z-]*:arc-region-switch::\d{12}:plan/[a-zA-Z0-9-]+:[a-z0-9]{6}$",
            ),
            "Mode": {
                "type": "String",
                "description": "graceful, or ungraceful if the other region is lost",
                "allowedValues": ["graceful", "ungraceful"],
                "default": "graceful",
            },
            "Comment": text("Why: kept with the execution", r"^[\w .,:#/-]{5,200}$"),
        },
        call(
            "StartPlan",
            "arc-region-switch",
            "StartPlanExecution",
            {"ExecutionId": "$.executionId"},
            planArn="{{ PlanArn }}",
            targetRegion="{{ global:REGION }}",
            action="activate",
            mode="{{ Mode }}",
            comment="{{ Comment }}",
        ),
    )
