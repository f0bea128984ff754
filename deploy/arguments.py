"""The command line: the verb and the settings are ours, the rest is the CDK CLI's."""

import argparse
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy import setting_words, verb_options
from deploy.errors import RefusedError
from deploy.one_line_parser import OneLineParser

VERBS: Final = {
    "synth": "write the templates to cdk.out; needs no account",
    "diff": "what a deploy would change",
    "bootstrap": "prepare the account and region, once",
    "deploy": "deploy the stacks that are named; without a name StaticSite, which costs cents",
    "destroy": "delete the stacks that are named; none without a name",
    "preview": "deploy StaticSite of a stage (-c stage=pr-42), without domain and extras, to be removed again",
    "preview-remove": "delete that stack with all its data",
    "deploy-ecommerce": "deploy the platform up to a phase (-c ecommerce_phase=1)",
    "destroy-ecommerce": "delete all of the platform's stacks",
    "versions": "the site's versions, and which is live",
    "rollback": "make the version that is named live, or the one before the live one",
    "smoke": "ask the deployed URLs as a visitor does; smoke --help explains",
    "deploy-site": "clone a repository and deploy the site in it; deploy-site --help explains",
    "drift": "whether somebody changed what is deployed; drift --help explains",
}


@dataclass(frozen=True)
class Arguments:
    """`settings` as given, `name=value` each; `output` is the folder of the cloud assembly, relative to the
    checkout; `passed_on` are names of stacks and options of the CDK CLI."""

    verb: str
    settings: tuple[str, ...]
    output: str
    passed_on: tuple[str, ...]


def parse(arguments: Sequence[str]) -> Arguments:
    """Read the command line; raises `RefusedError`, and SystemExit after a help that was asked for."""
    if verb_options.show_help(arguments):
        raise SystemExit(0)
    given, passed_on = _parser().parse_known_args(arguments)
    setting_words.check(given.settings)
    return Arguments(_verb(given.verb), tuple(given.settings), given.output, tuple(passed_on))


def _verb(given: str) -> str:
    if given in VERBS:
        return given
    near = difflib.get_close_matches(given, VERBS, n=1)
    advice = f'did you mean "{near[0]}"? ' if near else ""
    raise RefusedError(f'verb "{given}": unknown; {advice}legal: {", ".join(VERBS)}')


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="python -m deploy",
        usage="%(prog)s verb [stack ...] [-c name=value ...] [options of the CDK CLI]",
        description="Checks settings, credentials, region and bootstrap version, then runs the CDK CLI.\n\n"
        + "\n".join(f"  {verb:<18} {text}" for verb, text in VERBS.items()),
        epilog="Names of stacks and every other argument go to the CDK CLI.\n"
        "Exit codes: 0 done, 1 failed, 2 bad input or no usable account (nothing was touched), 130 interrupted.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("verb", metavar="verb", help="one of those above")
    setting_words.add_option(parser, "a setting: docs/settings.md")
    parser.add_argument("-o", "--output", default="cdk.out", help="folder of the cloud assembly: %(default)s")
    return parser
