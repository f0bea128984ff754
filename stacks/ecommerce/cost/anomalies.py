"""Costs that are not as usual, found by Cost Explorer."""

import json

from aws_cdk import aws_ce as ce
from aws_cdk import aws_sns as sns
from constructs import Construct


class CostAnomalies(Construct):
    """A monitor of each service and one of what has the tag `key`=`value`; both tell `topic` from `usd` on.

    `services_monitor`: ARN of the account's own monitor of services; None to make it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        key: str,
        value: str,
        services_monitor: str | None,
        usd: int,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        tagged = ce.CfnAnomalyMonitor(
            self,
            "Tagged",
            monitor_name=f"{prefix}-tagged",
            monitor_type="CUSTOM",
            monitor_specification=json.dumps(
                {"Tags": {"Key": key, "MatchOptions": ["EQUALS"], "Values": [value]}}
            ),
        )
        if services_monitor is None:
            services_monitor = ce.CfnAnomalyMonitor(
                self,
                "Services",
                monitor_name=f"{prefix}-services",
                monitor_type="DIMENSIONAL",
                monitor_dimension="SERVICE",
            ).attr_monitor_arn
        ce.CfnAnomalySubscription(
            self,
            "Subscription",
            subscription_name=f"{prefix}-anomalies",
            # a topic can be told at once alone, and not in a daily or weekly mail
            frequency="IMMEDIATE",
            monitor_arn_list=[tagged.attr_monitor_arn, services_monitor],
            subscribers=[ce.CfnAnomalySubscription.SubscriberProperty(type="SNS", address=topic.topic_arn)],
            threshold_expression=json.dumps(
                {
                    "Dimensions": {
                        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                        "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
                        "Values": [str(usd)],
                    }
                }
            ),
        )
