"""GuardDuty in one region."""

from typing import Final

from aws_cdk import aws_guardduty as guardduty
from constructs import Construct

# "Features and data sources": what the platform has; CloudTrail, flow logs and DNS are always looked at.
_FEATURES: Final = ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")


class Threats(Construct):
    """A detector with the plans for EKS, S3, RDS and Lambda."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        guardduty.CfnDetector(
            self,
            "Detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            features=[
                guardduty.CfnDetector.CFNFeatureConfigurationProperty(name=name, status="ENABLED")
                for name in _FEATURES
            ],
        )
