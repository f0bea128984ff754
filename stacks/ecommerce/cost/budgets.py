"""Budgets: what a month costs, and whether what was committed to is used."""

from collections.abc import Mapping
from typing import Final, Literal

from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_sns as sns
from constructs import Construct

_ACTUAL_PERCENT: Final = (50, 80, 100)
# Below it a commitment costs more than it saves; above it there is something left to commit to.
_USED_PERCENT: Final = 80
_COVERED_PERCENT: Final = 60
# Those of the platform's services that have Reserved Instances or nodes; a budget of them is of one service.
_RESERVABLE: Final[Mapping[str, str]] = {
    "Database": "Amazon Relational Database Service",
    "Cache": "Amazon ElastiCache",
}

Kind = Literal["SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE", "RI_UTILIZATION", "RI_COVERAGE"]
Notification = budgets.CfnBudget.NotificationWithSubscribersProperty


class Budgets(Construct):
    """A monthly budget of `usd`, and one for the use and the coverage of Savings Plans and of reservations.

    `tag`: count what has this tag alone, `user:<key>$<value>`; None for the whole account. All tell `topic`.
    Without any commitment those of their use have no data, and those of their coverage say once a month that there
    is none.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        usd: int,
        tag: str | None,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        self._prefix = prefix
        self._topic = topic
        budgets.CfnBudget(
            self,
            "Monthly",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"{prefix}-monthly",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=usd, unit="USD"),
                cost_filters={"TagKeyValue": [tag]} if tag else None,
            ),
            notifications_with_subscribers=[
                *(self._tell("ACTUAL", "GREATER_THAN", percent) for percent in _ACTUAL_PERCENT),
                self._tell("FORECASTED", "GREATER_THAN", 100),
            ],
        )
        self._committed("SavingsPlansUse", "SAVINGS_PLANS_UTILIZATION", _USED_PERCENT)
        self._committed("SavingsPlansCoverage", "SAVINGS_PLANS_COVERAGE", _COVERED_PERCENT)
        for name, service in _RESERVABLE.items():
            self._committed(f"Reserved{name}Use", "RI_UTILIZATION", _USED_PERCENT, service=service)
            self._committed(f"Reserved{name}Coverage", "RI_COVERAGE", _COVERED_PERCENT, service=service)

    def _committed(self, construct_id: str, kind: Kind, percent: int, *, service: str | None = None) -> None:
        budgets.CfnBudget(
            self,
            construct_id,
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"{self._prefix}-{construct_id}",
                budget_type=kind,
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=100, unit="PERCENTAGE"),
                cost_filters={"Service": [service]} if service else None,
            ),
            notifications_with_subscribers=[self._tell("ACTUAL", "LESS_THAN", percent)],
        )

    def _tell(self, of: str, when: str, percent: int) -> Notification:
        return Notification(
            notification=budgets.CfnBudget.NotificationProperty(
                notification_type=of,
                comparison_operator=when,
                threshold=percent,
                threshold_type="PERCENTAGE",
            ),
            subscribers=[
                budgets.CfnBudget.SubscriberProperty(subscription_type="SNS", address=self._topic.topic_arn)
            ],
        )
