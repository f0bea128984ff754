"""Which words of a command line name stacks."""

import difflib
import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from deploy.errors import RefusedError
from stacks.ecommerce import parts
from stacks.ecommerce.topology import DEFAULT, Topology
from stacks.settings import Settings

_STACKS: Final = ("StaticSite", "VisitorCounter")  # app.py's
_DELIVERY: Final = "Delivery"


def of_stage(stage: str | None) -> list[str]:
    """The stacks' names, the one that is deployed when none is named first."""
    return [f"{name}-{stage}" if stage else name for name in _STACKS]


def of_platform(topology: Topology, stage: str | None, phase: int) -> Mapping[str, str]:
    """The e-commerce platform's stacks up to `phase`, and the region of each."""
    return parts.stack_names(topology, phase=phase, stage=stage)


def of_delivery(stage: str | None, region: str) -> Mapping[str, str]:
    """The stack of the roles for GitHub Actions, and its region; there with the setting delivery_repository."""
    return {f"{_DELIVERY}-{stage}" if stage else _DELIVERY: region}


def beside(chosen: Settings) -> Mapping[str, str]:
    """The stacks beside site and counter that the settings ask for, and the region of each: those of the e-commerce
    platform, and the roles for GitHub Actions."""
    delivery = of_delivery(chosen.stage, chosen.region) if chosen.delivery_repository else {}
    platform = (
        of_platform(chosen.ecommerce_topology, chosen.stage, chosen.ecommerce_phase)
        if chosen.ecommerce
        else {}
    )
    return {**delivery, **platform}


def all_named(
    words: Sequence[str], stage: str | None, platform: Iterable[str] = (), *, otherwise: str
) -> list[str]:
    """As `named`, where every word has to name a stack; raises `RefusedError` that says `otherwise` of one that
    does not."""
    for word in words:
        if not named([word], stage, platform):
            legal = ", ".join([*of_stage(stage), *platform])
            raise RefusedError(f'stack "{word}": {otherwise}; legal: {legal}')
    return named(words, stage, platform)


def named(words: Sequence[str], stage: str | None, platform: Iterable[str] = ()) -> list[str]:
    """The stacks that `words` name, patterns and --all resolved; raises `RefusedError` for a misspelt name, and
    for a stack of the e-commerce platform or of `of_delivery` that is not in `platform`: those that the settings
    ask for beside site and counter.

    The words are the CDK CLI's: options, their values and names of stacks in any order. What resembles no
    name is therefore taken for an option's value and left to the CLI.
    """
    legal = [*of_stage(stage), *platform]
    left_out = of_platform(DEFAULT, stage, parts.LAST_PHASE).keys() - set(legal)
    roles = [name for name in of_delivery(stage, "") if name not in legal]
    found: list[str] = []
    for word in words:
        if word.startswith("-"):
            found += legal if word == "--all" else []
        elif matching := fnmatch.filter(legal, word):
            found += matching
        elif fnmatch.filter(left_out, word):
            raise RefusedError(
                f'stack "{word}": not there with these settings; it needs ecommerce=true, and its region in '
                "ecommerce_regions if that is given"
            )
        elif fnmatch.filter(roles, word) or _resembling(word, roles):
            raise RefusedError(
                f'stack "{word}": not there with these settings; {roles[0]} needs delivery_repository=owner/name'
            )
        elif near := _resembling(word, legal):
            advice = f"setting stage={stage}; " if stage else ""
            raise RefusedError(f'stack "{word}": unknown; {advice}did you mean "{near}"?')
    return list(dict.fromkeys(found))


def _resembling(word: str, legal: Sequence[str]) -> str | None:
    by_lower_case = {name.lower(): name for name in legal}
    near = difflib.get_close_matches(word.lower(), by_lower_case, n=len(legal) or 1)
    return next((by_lower_case[each] for each in near if _is_meant(word.lower(), each)), None)


def _is_meant(word: str, name: str) -> bool:
    """Delivery is a short name: "never", a value of --require-approval, has more than half of its letters."""
    short = _DELIVERY.lower()
    return not name.startswith(short) or bool(difflib.get_close_matches(word, [name, short], cutoff=0.75))
