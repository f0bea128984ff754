"""The settings of the platform's operations layer. Knows no construct."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stacks.ecommerce.operations import prices
from stacks.setting_fields import NONE_IF_EMPTY, Effect, Flag


class OperationsSettings(BaseModel):
    """What is asked of the operations layer."""

    ecommerce_alarm_email: Annotated[
        Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Who is mailed when an alarm of the platform goes off, an audited event happens, stock is "
            "low or a budget is used up; each region's topic is confirmed once. None: whoever subscribes to the "
            "topics"
        ),
        Effect(cost="none for the first 1,000 mails", legal="an e-mail address"),
    ] = None
    ecommerce_audited_tables: Annotated[
        Literal["people", "all"],
        Field(
            description="Whose reads and writes of the tables' items CloudTrail records: people and all that is no "
            "role of the platform; or the shop's own too. Those of the buckets' objects are always recorded"
        ),
        Effect(cost=f"all: {prices.DATA_EVENTS.usd:.2f} for each {prices.DATA_EVENTS.unit}"),
    ] = "people"
    ecommerce_trail_insights: Annotated[
        Flag,
        Field(description="Whether CloudTrail tells of unusual rates of calls and errors"),
        Effect(
            cost=f"{prices.TRAIL_INSIGHTS.usd:.2f} for each {prices.TRAIL_INSIGHTS.unit}, and kind of insight"
        ),
    ] = False
    ecommerce_log_anomalies: Annotated[
        Flag,
        Field(description="Whether CloudWatch looks for what is unusual in the audit log and tells of it"),
        Effect(cost="0.10 for the alarm; looking is part of the log's price"),
    ] = False
