"""`make drift`: `cdk drift` over what is deployed, and a summary that can be an issue's text."""

from pathlib import Path
from typing import Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy import cdk_cli, drift_report, remains, stack_names
from deploy.arguments import Arguments
from deploy.drift_report import Resource
from deploy.errors import RefusedError
from deploy.preflight import PATIENCE, Target, target
from deploy.verb_options import DriftOptions
from stacks.settings import Settings

DRIFTED: Final = 3
_FAILED: Final = 1


def run(asked: Arguments, options: DriftOptions, chosen: Settings) -> int:
    """Look for drift in the stacks that are named, or in all of ours that are deployed.

    Returns 0 without drift, 3 with drift, 1 if the CLI failed or a resource could not be checked, 130 after Ctrl-C.
    The file of `options` is there after 0 and 3 alone: after a failure an older one says nothing. Raises
    `RefusedError` if nothing is deployed.
    """
    beside = stack_names.beside(chosen)
    first = target(account=chosen.account, region=chosen.region)
    named = stack_names.all_named(options.stacks, chosen.stage, beside, otherwise="unknown")
    where = {
        stack: Target(first.account, beside.get(stack, chosen.region), first.caller)
        for stack in named or [*stack_names.of_stage(chosen.stage), *beside]
    }
    print(f"drift: account {first.account}, region {chosen.region}\n  as {first.caller}", flush=True)
    there = [stack for stack in where if _is_deployed(stack, where[stack])]
    if lacking := [stack for stack in named if stack not in there]:
        raise RefusedError(f"{lacking[0]}: not deployed; leave it out")
    if not there:
        raise RefusedError("nothing to look at: no stack is deployed; `make deploy` first")
    _remove(options.markdown)
    settings = [word for setting in asked.settings for word in ("--context", setting)]
    # CloudFormation compares with what it deployed, and so not with this synth, which is not validated again
    code = cdk_cli.run(
        ["drift", *there, "--no-notices", f"--output={asked.output}", *settings], CDK_VALIDATION="false"
    )
    if code:
        return code
    found = {stack: _resources(stack, where[stack]) for stack in there}
    summary = drift_report.markdown(found, {stack: place.region for stack, place in where.items()})
    print(drift_report.line(found), flush=True)
    drifted = any(each.drifted for resources in found.values() for each in resources)
    unknown = any(each.unknown for resources in found.values() for each in resources)
    if unknown and not drifted:
        return _FAILED
    if options.markdown:
        options.markdown.write_text(summary, encoding="utf-8")
    return DRIFTED if drifted else 0


def _is_deployed(stack: str, where: Target) -> bool:
    try:
        return remains.deployed(stack, where) is not None
    except (BotoCoreError, ClientError) as error:
        raise RefusedError(f"{stack}: cannot see whether it is deployed: {error}") from error


def _remove(report: Path | None) -> None:
    """An old report is none of this run; and it is seen now whether one can be written."""
    if report is None:
        return
    try:
        report.touch()
        report.unlink()
    except OSError as error:
        raise RefusedError(
            f"--markdown {report}: cannot be written: {error.strerror}; name another file"
        ) from error


def _resources(stack: str, where: Target) -> list[Resource]:
    """What the detection found of each resource (CloudFormation API, "DescribeStackResourceDrifts")."""
    client: Any = boto3.Session().client("cloudformation", region_name=where.region, config=PATIENCE)
    found: list[Resource] = []
    more: dict[str, str] = {}
    try:
        while True:
            page = client.describe_stack_resource_drifts(StackName=stack, **more)
            found += [drift_report.resource(each) for each in page["StackResourceDrifts"]]
            if "NextToken" not in page:
                return found
            more = {"NextToken": page["NextToken"]}
    except (BotoCoreError, ClientError) as error:
        raise RefusedError(f"{stack}: what was found cannot be read: {error}") from error
