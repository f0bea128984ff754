"""What a deleted stack would keep and what it would take with it, as the deployed template says."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.preflight import PATIENCE, Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_DATA: Final = {
    "AWS::S3::Bucket": "bucket",
    "AWS::Logs::LogGroup": "log group",
    "AWS::ElastiCache::ReplicationGroup": "Redis",
    "AWS::ElastiCache::ServerlessCache": "Redis",
    "AWS::KMS::Key": "key",
}
_FATES: Final = {
    "Retain": "keeps {} (billed until deleted by hand)",
    "Snapshot": "leaves a last snapshot of {}",
    "Delete": "DELETES {} with all data",
}


def of_stack(name: str, where: Target) -> str:
    """One line about the stack `name`. What counts is its last deploy, not today's setting removal_policy."""
    try:
        template = deployed(name, where)
    except ClientError:
        return f"{name}: data is kept or deleted as removal_policy was at its last deploy"
    except BotoCoreError as error:
        return f"{name}: its template cannot be read ({error}); data is kept or deleted as it was deployed"
    return f"{name} {told(template)}" if template else f"{name} is not deployed here"


def deployed(name: str, where: Target) -> Mapping[str, Any] | None:
    """The template of the stack's last deploy; None if there is no such stack.

    Raises botocore's `ClientError` and `BotoCoreError` if that cannot be seen.
    """
    client = _client(where)
    try:
        status = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if status in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):  # the latter: a change set, never executed
            return None
        return client.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise


def kept(template: Mapping[str, Any]) -> dict[str, str]:
    """The data that outlives its stack: logical id -> what it is."""
    return {
        name: _DATA[resource["Type"]]
        for name, resource in template["Resources"].items()
        if _is_data(name, resource) and _fate(resource) == "Retain"
    }


def names(stack: str, where: Target, template: Mapping[str, Any]) -> list[str]:
    """The same by physical name, as `bucket staticsite-…`, to be asked before the stack is deleted."""
    kinds = kept(template)
    pages = _client(where).get_paginator("list_stack_resources").paginate(StackName=stack)
    return sorted(
        f"{kinds[each['LogicalResourceId']]} {each['PhysicalResourceId']}"
        for page in pages
        for each in page["StackResourceSummaries"]
        if each["LogicalResourceId"] in kinds and each.get("PhysicalResourceId")
    )


def _client(where: Target) -> "CloudFormationClient":
    return boto3.Session().client("cloudformation", region_name=where.region, config=PATIENCE)


def _is_data(name: str, resource: Mapping[str, Any]) -> bool:
    # The log of the CDK's own functions goes with the stack (stacks/provider_logs.py) and is nobody's data. A key
    # is none either, but one that is kept, as what it encrypts is, goes on costing.
    if resource["Type"] == "AWS::KMS::Key":
        return _fate(resource) == "Retain"
    return resource["Type"] in _DATA and "CustomResourceProvider" not in name


def _fate(resource: Mapping[str, Any]) -> str:
    # A serverless cache makes its last snapshot by itself, under the name that it was given for it.
    if "FinalSnapshotName" in resource.get("Properties", {}):
        return "Snapshot"
    # "DeletionPolicy attribute": without one, a bucket is deleted like everything else.
    fate: str = resource.get("DeletionPolicy", "Delete")
    return fate


def told(template: Mapping[str, Any]) -> str:
    """The fate of a template's data in words."""
    fates: dict[str, Counter[str]] = {}
    for name, resource in template["Resources"].items():
        if _is_data(name, resource):
            fates.setdefault(_fate(resource), Counter())[_DATA[resource["Type"]]] += 1
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
