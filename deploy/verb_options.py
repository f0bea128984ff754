"""The options of the verbs that are not the CDK CLI's own: smoke, deploy-site, drift, versions."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.errors import RefusedError
from deploy.one_line_parser import OneLineParser

DEFAULT_TIMEOUT: Final = 60.0
"""Seconds: an edge has a new version within some of them, a name of its own within a minute."""
_MOST_SECONDS: Final = 3600.0


@dataclass(frozen=True, kw_only=True)
class SmokeOptions:
    """`timeout` in seconds; `version` of the site and `text` of its home page: empty for any.

    `url_alone`: ask nothing, print the site's URL.
    """

    stacks: tuple[str, ...] = ()
    timeout: float = DEFAULT_TIMEOUT
    visit: bool = True
    version: str = ""
    text: str = ""
    outputs_file: Path | None = None
    url_alone: bool = False


@dataclass(frozen=True, kw_only=True)
class DeploySiteOptions:
    """`repository` as given; `ref` a branch or tag, `folder` within it: empty for what is found.

    `passed_on`: options of the CDK CLI.
    """

    repository: str
    ref: str = ""
    folder: str = ""
    timeout: float = DEFAULT_TIMEOUT
    passed_on: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DriftOptions:
    """`markdown`: the file to write what becomes an issue's text; None for none."""

    stacks: tuple[str, ...] = ()
    markdown: Path | None = None


def smoke(words: Sequence[str]) -> SmokeOptions:
    """Raises `RefusedError`."""
    given = _smoke().parse_intermixed_args(words)
    return SmokeOptions(
        stacks=tuple(given.stacks),
        timeout=given.timeout,
        visit=given.visit,
        version=given.site_version,
        text=given.contains,
        outputs_file=given.outputs_file,
        url_alone=given.url,
    )


def deploy_site(words: Sequence[str]) -> DeploySiteOptions:
    """Raises `RefusedError`."""
    given, others = _deploy_site().parse_known_args(words)
    if given.named:
        given.repository, others = given.named, [*filter(None, [given.repository]), *others]
    if not given.repository:
        raise RefusedError(
            "deploy-site: name the repository: `make deploy-site REPO=https://…`, or a folder: REPO=path/to/site"
        )
    if bare := [word for word in others if not word.startswith("-")]:
        raise RefusedError(
            f"deploy-site: {bare[0]}: one repository is deployed, {given.repository} is named; write options of "
            "the CDK CLI as --name=value"
        )
    return DeploySiteOptions(
        repository=given.repository,
        ref=given.ref,
        folder=given.folder,
        timeout=given.timeout,
        passed_on=tuple(others),
    )


def drift(words: Sequence[str]) -> DriftOptions:
    """Raises `RefusedError`."""
    given = _drift().parse_intermixed_args(words)
    return DriftOptions(stacks=tuple(given.stacks), markdown=given.markdown)


def versions(words: Sequence[str]) -> bool:
    """Whether the live version alone is asked for. Raises `RefusedError`."""
    alone: bool = _versions().parse_args(words).live
    return alone


def show_help(words: Sequence[str]) -> bool:
    """Print the help of the verb at the beginning of `words`, if that is asked for and the verb has one."""
    if words[:1] and words[0] in _PARSERS and {"-h", "--help"} & set(words[1:]):
        _PARSERS[words[0]]().print_help()
        return True
    return False


def _smoke() -> argparse.ArgumentParser:
    parser = _parser(
        "smoke",
        "[stack ...]",
        "Asks the deployed URLs as a visitor does: the home page and what it needs, a path without a file, the\n"
        "security headers that the settings promise, the live version; the counter's health, and one visit.\n"
        "Give the settings that it was deployed with. Without a name: StaticSite and VisitorCounter, if deployed.",
        "Exit codes: 0 all passed, 1 one failed, 2 bad input or nothing deployed, 130 interrupted.",
    )
    parser.add_argument("stacks", nargs="*", metavar="stack", help="StaticSite, VisitorCounter")
    _add_timeout(parser)
    parser.add_argument(
        "--no-visit", dest="visit", action="store_false", help="count no visit, read the count"
    )
    parser.add_argument(
        "--site-version", default="", metavar="ID", help="the version that has to be live, of `make versions`"
    )
    parser.add_argument("--contains", default="", metavar="TEXT", help="what the home page has to contain")
    parser.add_argument(
        "--outputs-file",
        type=Path,
        metavar="FILE",
        help="what `cdk deploy --outputs-file` wrote: AWS's API is not asked, no credentials are needed",
    )
    parser.add_argument(
        "--url", action="store_true", help="ask nothing: print the site's URL alone, for scripts"
    )
    return parser


def _deploy_site() -> argparse.ArgumentParser:
    parser = _parser(
        "deploy-site",
        "repository",
        "Deploys the site in a git repository, or in a folder, as StaticSite: checks tools and credentials,\n"
        "clones into a temporary folder, deploys, prints the URL, asks it until it answers, and removes the\n"
        "clone. When the check fails, the version that was live before is made live again.",
        "Other options go to the CDK CLI, as --name=value: --require-approval=never.\n"
        "  python -m deploy deploy-site https://github.com/someone/site.git --ref=v1.2 --folder=dist\n"
        "Exit codes: 0 live and answering, 1 failed, 2 bad input or no usable account (nothing was touched), "
        "130 interrupted.",
    )
    # by a name as well, so that what begins with - is seen for what it is, and refused
    parser.add_argument("--repository", dest="named", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "repository",
        nargs="?",
        default="",
        help="https://…, ssh://…, git@host:path, file:///…, or a folder; of a folder that is a git repository "
        "what is committed",
    )
    parser.add_argument("--ref", default="", help="branch or tag; the repository's default branch")
    parser.add_argument(
        "--folder", default="", help="the folder in it that has index.html; the top, or the one that is found"
    )
    _add_timeout(parser)
    return parser


def _drift() -> argparse.ArgumentParser:
    parser = _parser(
        "drift",
        "[stack ...]",
        "Whether somebody changed what is deployed, past CloudFormation: `cdk drift`, and a summary.\n"
        "Without a name: all of the project's stacks that are deployed.",
        "Exit codes: 0 no drift, 1 failed, or a resource could not be checked, 2 bad input or nothing deployed,\n"
        "3 drift, 130 interrupted.",
    )
    parser.add_argument("stacks", nargs="*", metavar="stack", help="StaticSite, VisitorCounter …")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write the summary there, as an issue's text"
    )
    return parser


def _versions() -> argparse.ArgumentParser:
    parser = _parser(
        "versions",
        "",
        "The site's versions, the newest first, and which is live.",
        "Exit codes: 0 done, 2 bad input or no usable account, 130 interrupted.",
    )
    parser.add_argument(
        "--live",
        action="store_true",
        help="the live version alone, for scripts; nothing if the site is not deployed, or keeps no versions",
    )
    return parser


def _add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=DEFAULT_TIMEOUT,
        metavar="SECONDS",
        help="how long the checks are repeated until they pass: 0 to 3600; by default 60",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not legal; legal: 0 to {_MOST_SECONDS:.0f} seconds")
    return seconds


def _parser(verb: str, operands: str, description: str, epilog: str) -> argparse.ArgumentParser:
    return OneLineParser(
        prog=f"python -m deploy {verb}",
        usage=f"%(prog)s {operands} [-c name=value ...] [options]",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


_PARSERS: Final[Mapping[str, Callable[[], argparse.ArgumentParser]]] = {
    "smoke": _smoke,
    "deploy-site": _deploy_site,
    "drift": _drift,
    "versions": _versions,
}
