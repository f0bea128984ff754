"""The verbs: checks first, then the CDK CLI, in the foreground."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from deploy import (
    INTERRUPTED,
    arguments,
    cdk_cli,
    deploy_site,
    drift,
    in_progress,
    platform,
    preview,
    remains,
    smoke,
    stack_names,
    synth,
    verb_options,
)
from deploy.arguments import Arguments
from deploy.assembly import written
from deploy.errors import RefusedError
from deploy.preflight import Target, check_bootstrap, target
from deploy.site_versions import NoVersionsError
from stacks import settings

BAD_INPUT = 2
# which verb waits for what an interrupted one has begun
_WAITING = dict.fromkeys(preview.VERBS, "preview") | dict.fromkeys(platform.VERBS, "deploy-ecommerce")


def main(given: Sequence[str]) -> int:
    """Run the verb; returns the CDK CLI's exit code, 2 when a check refuses, 130 after Ctrl-C."""
    finish: Callable[[], None] | None = None
    try:
        asked = arguments.parse(given)
        verb = asked.verb
        if verb in preview.VERBS:
            asked = preview.as_plain(asked, _context(()).get("stage"))
        if verb in platform.VERBS:
            asked = platform.as_plain(asked)
        chosen = settings.load(_context(asked.settings))
        if verb in ("versions", "rollback"):
            return _versions(asked, chosen)
        if verb == "deploy-site":
            return deploy_site.run(asked, verb_options.deploy_site(asked.passed_on), chosen, main)
        if verb in ("smoke", "drift"):
            return _look(asked, chosen)
        if verb in preview.VERBS:
            asked = preview.site_alone(asked, chosen.stage)
        if verb in platform.VERBS:
            asked = platform.all_of_it(asked, chosen)
        stacks = _stacks(asked, chosen)
        where: list[Target] = []
        if verb != "synth":
            where = _targets(asked.verb, stacks, chosen)
            _announce(asked, where, stacks, chosen)
            if verb == "preview":
                finish = preview.deploying(stacks[0], where[0])
            elif verb == "preview-remove":
                finish = preview.removing(stacks[0], where[0])
                if not finish:
                    return 0
            if verb == "deploy-ecommerce":
                platform.no_step_back(chosen, where)
            if asked.verb == "deploy":
                for place, here in _by_place(
                    stacks or stack_names.of_stage(chosen.stage)[:1], where, chosen
                ).items():
                    in_progress.wait(here, place)
    except (settings.SettingsError, RefusedError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    words = _words(asked, where, stacks, chosen.stage)
    if verb == "synth":
        return _synth(words, cdk_cli.ROOT / asked.output, chosen)
    code = cdk_cli.run(words)
    if code == INTERRUPTED and asked.verb in ("deploy", "destroy", "bootstrap"):
        waiting = f"make {_WAITING.get(verb, 'deploy')}"
        print(
            f"\ninterrupted; what CloudFormation has begun goes on without you, and the next `{waiting}` waits "
            "for its end",
            file=sys.stderr,
        )
    if finish and code == 0:
        finish()
    return code


def _versions(asked: Arguments, chosen: settings.Settings) -> int:
    """List the site's versions or go back to one; raises `RefusedError`."""
    live_alone = asked.verb == "versions" and verb_options.versions(asked.passed_on)
    if asked.verb == "rollback" and len(asked.passed_on) > 1:
        raise RefusedError(f"{asked.verb}: unknown: {' '.join(asked.passed_on)}")
    where = target(account=chosen.account, region=chosen.region)
    # what a script reads is the version and nothing else
    told_to = sys.stderr if live_alone else sys.stdout
    print(f"{asked.verb}: {_place(where)}{_of(chosen.stage)}", file=told_to, flush=True)
    site = smoke.site_versions(stack_names.of_stage(chosen.stage)[0], where)
    if live_alone:
        try:
            print(site.live())
        except NoVersionsError as none:  # before the first deploy a script goes on
            print(none, file=sys.stderr)
    elif asked.verb == "rollback":
        print(f"live: {site.roll_back(*asked.passed_on)}; every edge has it within seconds")
    else:
        print(site.table())
    return 0


def _look(asked: Arguments, chosen: settings.Settings) -> int:
    """What only looks at what is deployed; returns its exit code, raises `RefusedError`."""
    if asked.verb == "drift":
        return drift.run(asked, verb_options.drift(asked.passed_on), chosen)
    return smoke.run(verb_options.smoke(asked.passed_on), chosen)


def _context(given: Sequence[str]) -> dict[str, object]:
    """The context as the CDK CLI will see it: cdk.json, and `-c name=value` over it."""
    stored = json.loads((cdk_cli.ROOT / "cdk.json").read_text()).get("context", {})
    chosen = (setting.partition("=") for setting in given)
    return {**stored, **{name: value for name, _, value in chosen}}


def _stacks(asked: Arguments, chosen: settings.Settings) -> list[str]:
    """The stacks that are named; raises `RefusedError` if one is misspelt, or none is and the verb destroys."""
    platform = stack_names.beside(chosen)
    stacks = stack_names.named(asked.passed_on, chosen.stage, platform)
    if asked.verb == "destroy" and not stacks:
        legal = ", ".join([*stack_names.of_stage(chosen.stage), *platform])
        raise RefusedError(f"destroy: name what is to be deleted, of: {legal} (or --all)")
    return stacks


def _targets(verb: str, stacks: Sequence[str], chosen: settings.Settings) -> list[Target]:
    """Every region that is about to be touched, that of site and counter first if it is among them."""
    platform = stack_names.beside(chosen)
    everything = not stacks and verb in ("bootstrap", "diff")
    regions = [platform.get(stack, chosen.region) for stack in stacks] or [chosen.region]
    if everything:
        regions += platform.values()
    first = target(account=chosen.account, region=regions[0])
    return [replace(first, region=region) for region in dict.fromkeys(regions)]


def _by_place(
    stacks: Sequence[str], where: Sequence[Target], chosen: settings.Settings
) -> dict[Target, list[str]]:
    """The stacks of each region."""
    platform = stack_names.beside(chosen)
    return {
        place: [stack for stack in stacks if platform.get(stack, chosen.region) == place.region]
        for place in where
    }


def _announce(
    asked: Arguments, where: Sequence[Target], stacks: Sequence[str], chosen: settings.Settings
) -> None:
    """Say which account and regions are about to be touched; raises `RefusedError` if they are not prepared."""
    verb = asked.verb
    versions = {place: None if verb == "bootstrap" else check_bootstrap(place) for place in where}
    told = [
        f"{_place(place)}{f', bootstrap version {version}' if version else ''}{_of(chosen.stage)}"
        for place, version in versions.items()
    ]
    print("\n".join(f"{verb}: {line}" for line in told) + f"\n  as {where[0].caller}", flush=True)
    if verb == "deploy" and "--all" in asked.passed_on and not chosen.ecommerce:
        print("  the e-commerce platform is left alone: the setting ecommerce is false", flush=True)
    if verb == "destroy":
        for place, here in _by_place(stacks, where, chosen).items():
            for stack in here:
                print(f"  {remains.of_stack(stack, place)}", flush=True)


def _place(where: Target) -> str:
    return f"account {where.account}, region {where.region}"


def _of(stage: str | None) -> str:
    return f", stage {stage}" if stage else ""


def _words(asked: Arguments, where: Sequence[Target], stacks: Sequence[str], stage: str | None) -> list[str]:
    """The CDK CLI's arguments."""
    words = [asked.verb, *asked.passed_on, "--no-notices", f"--output={asked.output}"]
    words += [word for setting in asked.settings for word in ("--context", setting)]
    if asked.verb == "bootstrap":
        words += [f"aws://{place.account}/{place.region}" for place in where]
    elif asked.verb == "deploy" and not stacks:
        words.append(stack_names.of_stage(stage)[0])
    elif asked.verb == "synth":
        words.append("--quiet")
    return words


def _synth(words: Sequence[str], assembly: Path, chosen: settings.Settings) -> int:
    code = synth.run(words, assembly, cdk_cli.ROOT / Path(chosen.site).expanduser())
    if code == 0:
        _list_templates(assembly)
    return code


def _list_templates(assembly: Path) -> None:
    """One line for each template of the last synth; those of earlier ones may lie in the same folder."""
    templates = written(assembly)
    width = max(20, *(len(each.stack) for each in templates))
    for each in templates:
        resources = len(json.loads(each.path.read_text()).get("Resources", {}))
        size = each.path.stat().st_size // 1024
        print(f"{each.stack:<{width}} {resources:>3} resources, {size:>3} KiB  {each.path}")
