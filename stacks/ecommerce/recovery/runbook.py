"""A runbook in a region."""

from typing import Any

from aws_cdk import aws_ssm as ssm
from constructs import Construct


class Runbook(Construct):
    """An Automation document `name` with this `content`, which runs with the role `role` unless told otherwise.

    A new version replaces it in place: an execution that runs goes on with the version that it began with.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, content: dict[str, Any], role: str
    ) -> None:
        super().__init__(scope, construct_id)
        assumed = {**content["parameters"]["AutomationAssumeRole"], "default": role}
        self.document = ssm.CfnDocument(
            self,
            "Document",
            name=name,
            document_type="Automation",
            document_format="JSON",
            update_method="NewVersion",
            content={
                **content,
                "parameters": {**content["parameters"], "AutomationAssumeRole": assumed},
            },
        )
