"""The settings of the platform's cost layer. Knows no construct."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stacks.ecommerce.cost.sizes import MONTHLY_BUDGET
from stacks.setting_fields import NONE_IF_EMPTY, WHOLE_NUMBER, Effect

_BY_PROFILE = ", ".join(f"{name} {usd:,}" for name, usd in MONTHLY_BUDGET.items())


class CostSettings(BaseModel):
    """What is asked of the cost layer."""

    ecommerce_monthly_budget: Annotated[
        Annotated[int, WHOLE_NUMBER, Field(ge=1, le=10_000_000)] | None,
        NONE_IF_EMPTY,
        Field(
            description="What a month may cost; somebody is told at 50, 80 and 100 % of it, and when it is "
            f"forecast to be more. None: by ecommerce_profile ({_BY_PROFILE})"
        ),
        Effect(
            cost="none: a budget spends nothing and stops nothing", unit="USD a month", legal="1 to 10000000"
        ),
    ] = None
    ecommerce_budget_of: Annotated[
        Literal["account", "platform"],
        Field(
            description="Whose costs the budget counts: the account's, or those with the tag platform=ecommerce, "
            "which the payer's account has to activate as a cost allocation tag first: until then they are 0"
        ),
        Effect(cost="none"),
    ] = "account"
    ecommerce_services_monitor: Annotated[
        Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:ce::\d{12}:anomalymonitor/[0-9a-f-]{36}$")] | None,
        NONE_IF_EMPTY,
        Field(
            description="ARN of the account's cost anomaly monitor of all services, of which it can have one and "
            "AWS makes one in new accounts; none: it is made here, which fails if there is one"
        ),
        Effect(cost="none", legal="an ARN of ce, anomalymonitor"),
    ] = None
    ecommerce_anomaly_usd: Annotated[
        int,
        WHOLE_NUMBER,
        Field(ge=1, le=1_000_000, description="From what unexpected cost on somebody is told"),
        Effect(cost="none", unit="USD"),
    ] = 50
