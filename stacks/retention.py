"""Two settings about data, as the CDK's own types: how long logs stay, what outlives its stack."""

from collections.abc import Mapping
from typing import Final, TypedDict

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs

from stacks.settings import Settings

# The CDK's Python enumeration does not carry the numbers.
DAYS: Final[Mapping[int, logs.RetentionDays]] = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    2192: logs.RetentionDays.SIX_YEARS,
    2557: logs.RetentionDays.SEVEN_YEARS,
    2922: logs.RetentionDays.EIGHT_YEARS,
    3288: logs.RetentionDays.NINE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}


def log_retention(settings: Settings) -> logs.RetentionDays:
    """How long CloudWatch keeps the logs."""
    return DAYS[settings.log_retention_days]


def removal_policy(settings: Settings) -> RemovalPolicy:
    """What becomes of buckets, logs and Redis when their stack is deleted."""
    return RemovalPolicy.RETAIN if settings.removal_policy == "retain" else RemovalPolicy.DESTROY


class Kept(TypedDict):
    """What becomes of a construct's logs, to be handed on as it is."""

    log_retention: logs.RetentionDays
    removal_policy: RemovalPolicy


def kept(settings: Settings) -> Kept:
    """Both, for whatever writes logs."""
    return {"log_retention": log_retention(settings), "removal_policy": removal_policy(settings)}
