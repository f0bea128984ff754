"""The e-commerce platform up to a phase: what `make deploy-ecommerce` and `make destroy-ecommerce` add."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from deploy import remains, stack_names
from deploy.arguments import Arguments
from deploy.errors import RefusedError
from deploy.preflight import Target
from stacks.ecommerce.parts import LAST_PHASE, PARTS, regions_of, stack_name
from stacks.settings import Settings

VERBS: Final[Mapping[str, str]] = {"deploy-ecommerce": "deploy", "destroy-ecommerce": "destroy"}
"""Each is one of the other verbs, for all stacks of the platform."""


def as_plain(asked: Arguments) -> Arguments:
    """The other verb with the platform switched on. Raises `RefusedError` if the phase to deploy is not named, as
    the next one up is a step to be taken on purpose."""
    given = dict(setting.partition("=")[::2] for setting in asked.settings)
    if asked.verb == "deploy-ecommerce" and not given.get("ecommerce_phase"):
        raise RefusedError(
            f"deploy-ecommerce: name the phase, of 1 to {LAST_PHASE}: `make deploy-ecommerce PHASE=1`; "
            "docs/ecommerce.md says what each brings and what it costs"
        )
    # all that may be there is to go, whichever phase it was deployed up to
    settings = [
        "ecommerce=true",
        *([f"ecommerce_phase={LAST_PHASE}"] if asked.verb == "destroy-ecommerce" else []),
    ]
    return replace(asked, verb=VERBS[asked.verb], settings=(*settings, *asked.settings))


def all_of_it(asked: Arguments, chosen: Settings) -> Arguments:
    """Name the platform's stacks; raises `RefusedError` if others are named."""
    platform = stack_names.of_platform(chosen.ecommerce_topology, chosen.stage, chosen.ecommerce_phase)
    if named := stack_names.named(asked.passed_on, chosen.stage, platform):
        raise RefusedError(
            f"the whole platform is meant, {named[0]} is named: leave it out, or "
            f"`make {asked.verb} ARGS='{named[0]} -c ecommerce=true'`"
        )
    return replace(asked, passed_on=(*platform, *asked.passed_on))


def no_step_back(chosen: Settings, where: Sequence[Target]) -> None:
    """Raises `RefusedError` if a stack of a later phase is there: deployed up to an earlier one, the stacks that it
    rests on would lose what that phase added to them, as the distribution its web ACL."""
    by_region = {place.region: place for place in where}
    for part, kind in PARTS.items():
        if kind.phase <= chosen.ecommerce_phase:
            continue
        for region in regions_of(kind, chosen.ecommerce_topology):
            name = stack_name(part, region, chosen.stage)
            try:
                there = region in by_region and remains.deployed(name, by_region[region]) is not None
            except (BotoCoreError, ClientError) as error:
                raise RefusedError(f"{name}: cannot see whether it is there: {error}") from error
            if there:
                raise RefusedError(
                    f"setting ecommerce_phase: {chosen.ecommerce_phase}, but {name} of phase {kind.phase} is "
                    f"deployed; give PHASE={kind.phase} or more, or destroy the later stacks first"
                )
