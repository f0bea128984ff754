"""The command line of the template diff."""

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from deploy import INTERRUPTED, setting_words
from deploy.errors import RefusedError
from deploy.one_line_parser import OneLineParser
from local import interrupts
from review.template_diff import assemblies, base, cdk_diff, changes, report
from review.template_diff.base import SynthError
from review.template_diff.cdk_diff import DiffError

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 2
DATA_AT_STAKE: Final = 3
"""With --fail: what holds data would be replaced or destroyed. What may be replaced is told, and no failure."""


def main(arguments: Sequence[str]) -> int:
    """Write the difference; returns 0 whatever it is, 3 with --fail if data is at stake, 1 when it cannot be made,
    2 for bad input, 130 when interrupted."""
    interrupts.raise_on_every_signal()
    try:
        return _run(_parse(arguments))
    except RefusedError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except (DiffError, SynthError) as error:
        print(f"template-diff: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(asked: argparse.Namespace) -> int:
    notes: list[str] = []
    with ExitStack() as stack:
        if asked.base is not None:
            both = stack.enter_context(base.synthesized(asked.base, asked.settings))
            before, after = both.before, both.after
            notes.append(f"Between commit `{both.commit}` and the working tree.")
            if not both.same_packages:
                notes.append(
                    "The pinned packages differ; both were synthesized with the new ones, so that what these "
                    "change by themselves is not shown."
                )
        else:
            before, after = asked.before, asked.after
        pairs = assemblies.pairs(before, after)
    print(f"template-diff: comparing {len(pairs)} stacks …", file=sys.stderr, flush=True)
    differences = cdk_diff.differences(pairs)
    text = report.markdown(differences, notes=notes, whole=_whole(asked), limit=asked.limit)
    if asked.output:
        _write(asked.output, text)
    else:
        print(text, end="")
    at_stake = any(change.loses_data for change in changes.of(differences))
    return DATA_AT_STAKE if asked.fail and at_stake else DONE


def _whole(asked: argparse.Namespace) -> str:
    """The command that shows what a comment has no room for."""
    settings = " ".join(f"-c {shlex.quote(each)}" for each in asked.settings)
    arguments = f"{settings} --limit={_MOST}".strip()
    if asked.base is not None:
        return f"make template-diff BASE={asked.base} ARGS={shlex.quote(arguments)}"
    return f"python -m review.template_diff {asked.before} {asked.after} {arguments}"


def _write(file: Path, text: str) -> None:
    """All of it or nothing; raises `RefusedError` where no file can be written."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise RefusedError(
            f"--output {file}: {error.strerror}; name a file in a folder that exists"
        ) from None
    finally:
        new.unlink(missing_ok=True)


_MOST: Final = 10_000_000


def _limit(given: str) -> int:
    if given.isascii() and given.isdigit() and report.LEAST_LIMIT <= int(given) <= _MOST:
        return int(given)
    raise argparse.ArgumentTypeError(f'"{given}" is not legal; {report.LEAST_LIMIT} to {_MOST} characters')


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; raises `RefusedError`."""
    parser = OneLineParser(
        prog="python -m review.template_diff",
        usage="%(prog)s [options] BEFORE AFTER\n       %(prog)s [options] --base REF [-c name=value ...]",
        description="What CloudFormation would change, replace and destroy, as Markdown, worst first.\n"
        "Needs no credentials and no network.",
        epilog="Exit codes: 0 done, 1 failed, 2 bad input, 3 with --fail if what holds data would be replaced or "
        "destroyed, 130 interrupted.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("before", metavar="BEFORE", nargs="?", type=Path, help="a cloud assembly (cdk.out)")
    parser.add_argument("after", metavar="AFTER", nargs="?", type=Path, help="the one to compare with it")
    parser.add_argument(
        "--base", metavar="REF", help="compare this commit with the working tree, synthesizing both"
    )
    setting_words.add_option(parser, "with --base: a setting, for both; docs/settings.md")
    parser.add_argument(
        "--output", metavar="FILE", type=Path, help="write to a file, and not to standard output"
    )
    parser.add_argument("--fail", action="store_true", help="exit code 3 if what holds data would be lost")
    parser.add_argument(
        "--limit", type=_limit, default=report.LIMIT, metavar="N", help="characters at most: %(default)s"
    )
    asked = parser.parse_args(arguments)
    if asked.base is not None:
        if asked.before:
            raise RefusedError(
                f"--base {asked.base} and {asked.before}: give a commit or two folders, not both"
            )
        setting_words.check(asked.settings)
    elif not asked.after:
        raise RefusedError("name two cloud assemblies, BEFORE and AFTER, or a commit: --base main")
    elif asked.settings:
        raise RefusedError(
            f"-c {asked.settings[0]}: the folders are synthesized already; it goes with --base"
        )
    return asked
