"""AWS::CloudWatch::Alarm with `Metrics`, which ministack's handler refuses.

Its alarms watch one metric. So one on a single metric, which the CDK writes that way when it has a label, is turned
into that; one on an expression, or against an anomaly detection band, is stored under the expression's label in a
namespace to which nothing publishes: it is there, with its actions, and never has data.
"""

from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties

_PROVISIONERS: Final = "services.cloudformation.provisioners"
EXPRESSIONS: Final = "Local/Expressions"
"""The namespace of what is no metric."""


def on_one_metric(properties: Properties) -> Properties:
    """The properties of an alarm without `Metrics`; those of one that has none are returned as they are."""
    metrics = properties.get("Metrics")
    if not metrics:
        return properties
    rest = {name: value for name, value in properties.items() if name != "Metrics"}
    band = rest.pop("ThresholdMetricId", None)
    if band is not None:  # anomaly detection: its threshold is an expression
        label = next((each.get("Label") for each in metrics if each["Id"] == band), None) or band
        return {**rest, "Namespace": EXPRESSIONS, "MetricName": label, "Threshold": 0}
    watched = next(each for each in metrics if str(each.get("ReturnData", True)).lower() == "true")
    if "MetricStat" not in watched:
        return {**rest, "Namespace": EXPRESSIONS, "MetricName": watched.get("Label") or watched["Id"]}
    stat, metric = watched["MetricStat"], watched["MetricStat"]["Metric"]
    # Percentiles are an alarm's ExtendedStatistic, all others its Statistic.
    kind = "Statistic" if stat["Stat"].isalpha() else "ExtendedStatistic"
    return {**rest, **metric, "Period": stat["Period"], kind: stat["Stat"]}


def install() -> None:
    """Turn the properties before ministack makes its record of them."""
    record = internals.get(_PROVISIONERS, "_cw_metric_alarm_record")

    def record_on_one_metric(name: str, properties: Properties) -> dict[str, Any]:
        made: dict[str, Any] = record(name, on_one_metric(properties))
        return made

    internals.replace(_PROVISIONERS, "_cw_metric_alarm_record", record_on_one_metric)
