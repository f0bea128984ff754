"""Alarms on expressions and labelled metrics, as the emulator stores them."""

from local.emulator.cloudformation.alarms import EXPRESSIONS, on_one_metric

METRIC = {"Namespace": "AWS/ElastiCache", "MetricName": "Evictions", "Dimensions": []}


def test_one_metric_with_a_label_is_watched_as_that_metric() -> None:
    labelled = {
        "Threshold": 1,
        "Metrics": [
            {"Id": "m1", "Label": "node", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}}
        ],
    }
    assert on_one_metric(labelled) == {**METRIC, "Threshold": 1, "Period": 60, "Statistic": "Sum"}
    labelled["Metrics"][0]["MetricStat"]["Stat"] = "p99"  # type: ignore[index]
    assert on_one_metric(labelled)["ExtendedStatistic"] == "p99"


def test_an_expression_is_no_metric_that_anybody_publishes() -> None:
    expression = {
        "Threshold": 5,
        "Metrics": [
            {
                "Id": "a",
                "ReturnData": "false",
                "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"},
            },
            {"Id": "e", "Label": "5xx, percent", "Expression": "100 * a"},
        ],
    }
    assert on_one_metric(expression) == {
        "Threshold": 5,
        "Namespace": EXPRESSIONS,
        "MetricName": "5xx, percent",
    }


def test_an_alarm_without_metrics_is_left_alone() -> None:
    plain = {**METRIC, "Threshold": 1}
    assert on_one_metric(plain) is plain


def test_a_band_of_what_is_usual_is_an_expression_too() -> None:
    unusual = {
        "ThresholdMetricId": "band",
        "Metrics": [
            {"Id": "a", "MetricStat": {"Metric": METRIC, "Period": 60, "Stat": "Sum"}},
            {"Id": "band", "Label": "usual", "Expression": "ANOMALY_DETECTION_BAND(a, 2)"},
        ],
    }
    assert on_one_metric(unusual) == {"Namespace": EXPRESSIONS, "MetricName": "usual", "Threshold": 0}
