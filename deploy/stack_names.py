"""Which words of a command line name stacks."""

import difflib
import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from deploy.errors import RefusedError
from stacks.ecommerce import parts
from stacks.ecommerce.topology import DEFAULT, Topology

_STACKS: Final = ("StaticSite", "VisitorCounter")  # app.py's


def of_stage(stage: str | None) -> list[str]:
    """The stacks' names, the one that is deployed when none is named first."""
    return [f"{name}-{stage}" if stage else name for name in _STACKS]


def of_platform(topology: Topology, stage: str | None, phase: int) -> Mapping[str, str]:
    """The e-commerce platform's stacks up to `phase`, and the region of each."""
    return parts.stack_names(topology, phase=phase, stage=stage)


def named(words: Sequence[str], stage: str | None, platform: Iterable[str] = ()) -> list[str]:
    """The stacks that `words` name, patterns and --all resolved; raises `RefusedError` for a misspelt name, and
    for a stack of the e-commerce platform that is not in `platform`, those that the settings ask for.

    The words are the CDK CLI's: options, their values and names of stacks in any order. What resembles no
    name is therefore taken for an option's value and left to the CLI.
    """
    legal = [*of_stage(stage), *platform]
    left_out = of_platform(DEFAULT, stage, parts.LAST_PHASE).keys() - set(legal)
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
        elif near := _resembling(word, legal):
            advice = f"setting stage={stage}; " if stage else ""
            raise RefusedError(f'stack "{word}": unknown; {advice}did you mean "{near}"?')
    return list(dict.fromkeys(found))


def _resembling(word: str, legal: Sequence[str]) -> str | None:
    by_lower_case = {name.lower(): name for name in legal}
    near = difflib.get_close_matches(word.lower(), by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None
