"""Security Hub in one region."""

from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_securityhub as securityhub
from constructs import Construct

# "Security standards reference for Security Hub"
_STANDARDS: Final = {
    "Foundational": "aws-foundational-security-best-practices/v/1.0.0",
    "Pci": "pci-dss/v/4.0.1",
}


class Posture(Construct):
    """The hub with AWS's standard and that of PCI DSS; it needs AWS Config."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        hub = securityhub.CfnHub(
            self,
            "Hub",
            auto_enable_controls=True,
            # one finding for a control, however many standards have it
            control_finding_generator="SECURITY_CONTROL",
            enable_default_standards=False,
        )
        for name, standard in _STANDARDS.items():
            made = securityhub.CfnStandard(
                self,
                name,
                standards_arn=Stack.of(self).format_arn(
                    service="securityhub", account="", resource="standards", resource_name=standard
                ),
            )
            made.add_dependency(hub)
