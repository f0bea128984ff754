"""The verbs: checks first, then the CDK CLI, in the foreground."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import boto3

from deploy import INTERRUPTED, arguments, cdk_cli, in_progress, preview, remains, stack_names
from deploy.arguments import Arguments
from deploy.errors import RefusedError
from deploy.preflight import PATIENCE, Target, check_bootstrap, target
from deploy.site_versions import PUBLISHERS_PATIENCE, SiteVersions
from stacks import settings

BAD_INPUT = 2


def main(given: Sequence[str]) -> int:
    """Run the verb; returns the CDK CLI's exit code, 2 when a check refuses, 130 after Ctrl-C."""
    finish: Callable[[], None] | None = None
    try:
        asked = arguments.parse(given)
        verb = asked.verb
        if verb in preview.VERBS:
            asked = preview.as_plain(asked, _context(()).get("stage"))
        chosen = settings.load(_context(asked.settings))
        if verb in ("versions", "rollback"):
            return _versions(asked, chosen)
        if verb in preview.VERBS:
            asked = preview.site_alone(asked, chosen.stage)
        stacks = _stacks(asked, chosen.stage)
        where = None
        if verb != "synth":
            where = target(account=chosen.account, region=chosen.region)
            _announce(asked.verb, where, stacks, chosen.stage)
            if verb == "preview":
                finish = preview.deploying(stacks[0], where)
            elif verb == "preview-remove":
                finish = preview.removing(stacks[0], where)
                if not finish:
                    return 0
            if asked.verb == "deploy":
                in_progress.wait(stacks or stack_names.of_stage(chosen.stage)[:1], where)
    except (settings.SettingsError, RefusedError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    code = cdk_cli.run(_words(asked, where, stacks, chosen.stage))
    if code == INTERRUPTED and asked.verb in ("deploy", "destroy", "bootstrap"):
        waiting = "make preview" if verb in preview.VERBS else "make deploy"
        print(
            f"\ninterrupted; what CloudFormation has begun goes on without you, and the next `{waiting}` waits "
            "for its end",
            file=sys.stderr,
        )
    if verb == "synth" and code == 0:
        _list_templates(cdk_cli.ROOT / asked.output)
    if finish and code == 0:
        finish()
    return code


def _versions(asked: Arguments, chosen: settings.Settings) -> int:
    """List the site's versions or go back to one; raises `RefusedError`."""
    if len(asked.passed_on) > (asked.verb == "rollback"):
        raise RefusedError(f"{asked.verb}: unknown: {' '.join(asked.passed_on)}")
    where = target(account=chosen.account, region=chosen.region)
    print(f"{asked.verb}: {_place(where)}{_of(chosen.stage)}", flush=True)
    session = boto3.Session(region_name=where.region)
    site = SiteVersions(
        cloudformation=session.client("cloudformation", config=PATIENCE),
        functions=session.client("lambda", config=PUBLISHERS_PATIENCE),
        stack=stack_names.of_stage(chosen.stage)[0],
    )
    if asked.verb == "rollback":
        print(f"live: {site.roll_back(*asked.passed_on)}; every edge has it within seconds")
    else:
        print(site.table())
    return 0


def _context(given: Sequence[str]) -> dict[str, object]:
    """The context as the CDK CLI will see it: cdk.json, and `-c name=value` over it."""
    stored = json.loads((cdk_cli.ROOT / "cdk.json").read_text()).get("context", {})
    chosen = (setting.partition("=") for setting in given)
    return {**stored, **{name: value for name, _, value in chosen}}


def _stacks(asked: Arguments, stage: str | None) -> list[str]:
    """The stacks that are named; raises `RefusedError` if one is misspelt, or none is and the verb destroys."""
    stacks = stack_names.named(asked.passed_on, stage)
    if asked.verb == "destroy" and not stacks:
        legal = ", ".join(stack_names.of_stage(stage))
        raise RefusedError(f"destroy: name what is to be deleted, of: {legal} (or --all)")
    return stacks


def _announce(verb: str, where: Target, stacks: Sequence[str], stage: str | None) -> None:
    """Say which account and region are about to be touched; raises `RefusedError` if they are not prepared."""
    bootstrapped = None if verb == "bootstrap" else check_bootstrap(where)
    version = f", bootstrap version {bootstrapped}" if bootstrapped else ""
    print(f"{verb}: {_place(where)}{version}{_of(stage)}\n  as {where.caller}", flush=True)
    if verb == "destroy":
        for stack in stacks:
            print(f"  {remains.of_stack(stack, where)}", flush=True)


def _place(where: Target) -> str:
    return f"account {where.account}, region {where.region}"


def _of(stage: str | None) -> str:
    return f", stage {stage}" if stage else ""


def _words(asked: Arguments, where: Target | None, stacks: Sequence[str], stage: str | None) -> list[str]:
    """The CDK CLI's arguments."""
    words = [asked.verb, *asked.passed_on, "--no-notices", f"--output={asked.output}"]
    words += [word for setting in asked.settings for word in ("--context", setting)]
    if asked.verb == "bootstrap" and where:
        words.append(f"aws://{where.account}/{where.region}")
    elif asked.verb == "deploy" and not stacks:
        words.append(stack_names.of_stage(stage)[0])
    elif asked.verb == "synth":
        words.append("--quiet")
    return words


def _list_templates(assembly: Path) -> None:
    """One line for each template of the last synth; those of earlier ones may lie in the same folder."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    for name, artifact in sorted(manifest["artifacts"].items()):
        if artifact["type"] == "aws:cloudformation:stack":
            template = assembly / artifact["properties"]["templateFile"]
            resources = len(json.loads(template.read_text()).get("Resources", {}))
            size = template.stat().st_size // 1024
            print(f"{name:<20} {resources:>3} resources, {size:>3} KiB  {template}")
