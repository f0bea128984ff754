"""What a deleted stack would keep and what it would take with it, as the deployed template says."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.preflight import PATIENCE, Target

_DATA: Final = {
    "AWS::S3::Bucket": "bucket",
    "AWS::Logs::LogGroup": "log group",
    "AWS::ElastiCache::ReplicationGroup": "Redis",
}
_FATES: Final = {
    "Retain": "keeps {} (billed until deleted by hand)",
    "Snapshot": "leaves a last snapshot of {}",
    "Delete": "DELETES {} with all data",
}


def of_stack(name: str, where: Target) -> str:
    """One line about the stack `name`. What counts is its last deploy, not today's setting removal_policy."""
    client = boto3.Session().client("cloudformation", region_name=where.region, config=PATIENCE)
    try:
        status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):  # the latter: a change set, never executed
            return f"{name} is not deployed here"
        template = client.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return f"{name} is not deployed here"
        return f"{name}: data is kept or deleted as removal_policy was at its last deploy"
    except BotoCoreError as error:
        return f"{name}: its template cannot be read ({error}); data is kept or deleted as it was deployed"
    return f"{name} {told(template)}"


def told(template: Mapping[str, Any]) -> str:
    """The fate of a template's data in words."""
    fates: dict[str, Counter[str]] = {}
    for name, resource in template["Resources"].items():
        # The log of the CDK's own functions goes with the stack (stacks/provider_logs.py) and is nobody's data.
        if resource["Type"] in _DATA and "CustomResourceProvider" not in name:
            # "DeletionPolicy attribute": without one, a bucket is deleted like everything else.
            fate = fates.setdefault(resource.get("DeletionPolicy", "Delete"), Counter())
            fate[_DATA[resource["Type"]]] += 1
    parts = [
        text.format(", ".join(_counted(what, count) for what, count in sorted(fates[policy].items())))
        for policy, text in _FATES.items()
        if policy in fates
    ]
    return "; ".join(parts) or "holds no data"


def _counted(what: str, count: int) -> str:
    if what == "Redis":
        return what
    return f"{count} {what}s" if count > 1 else f"1 {what}"
