"""Settings on a command line, `-c name=value` as the CDK CLI has them."""

import argparse
from collections.abc import Iterable

from deploy.errors import RefusedError


def add_option(parser: argparse.ArgumentParser, told: str) -> None:
    """Let `parser` take any number of settings as its `settings`; `told` is the option's help."""
    parser.add_argument(
        "-c",
        "--context",
        dest="settings",
        action="append",
        default=[],
        metavar="name=value",
        help=told,
    )


def check(settings: Iterable[str]) -> None:
    """Raises `RefusedError` for one that is not written so."""
    for setting in settings:
        if not setting.partition("=")[0] or "=" not in setting:
            raise RefusedError(
                f"-c {setting}: write a setting as name=value, without blanks: -c region=eu-west-1"
            )
