"""What is unusual in a log, found by CloudWatch without anybody saying what to look for."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.ecommerce.operations.watch import FIVE_MINUTES, Alarms, Watch


class LogAnomalies(Construct):
    """A detector on `log_group`, and an alarm to `topic` when it finds something of high priority."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_group: logs.ILogGroup,
        detector_name: str,
        key: kms.IKey,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, construct_id)
        logs.CfnLogAnomalyDetector(
            self,
            "Detector",
            detector_name=detector_name,
            log_group_arn_list=[log_group.log_group_arn],
            evaluation_frequency="FIFTEEN_MIN",
            kms_key_id=key.key_arn,
        )
        found = cloudwatch.Metric(
            namespace="AWS/Logs",
            metric_name="AnomalyCount",
            dimensions_map={"LogAnomalyDetector": detector_name, "LogAnomalyPriority": "HIGH"},
            statistic="Sum",
            period=FIVE_MINUTES,
        )
        Alarms(
            self,
            "Alarms",
            watched=[
                Watch(
                    "Unusual",
                    found,
                    0,
                    says="The audit log has something that it never had",
                    why="Somebody or something does what nobody did before",
                    runbook="audit",
                    periods=1,
                    datapoints=1,
                )
            ],
            topic=topic,
        )
