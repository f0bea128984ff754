"""Which folder of a repository is its site."""

import re
from pathlib import Path
from typing import Final

from deploy.errors import RefusedError

USUAL: Final = ("public", "dist", "build", "docs", "site", "_site")
"""Where tools put what they build, and GitHub Pages looks for it."""

_INDEX: Final = "index.html"
# GitHub's pages about a repository: GitHub Docs, "Creating a default community health file", and its README
_ABOUT_THE_REPOSITORY: Final = re.compile(
    r"(README|CONTRIBUTING|CODE_OF_CONDUCT|SECURITY|SUPPORT|GOVERNANCE|CHANGELOG)(\.(md|rst|txt|adoc))?",
    re.IGNORECASE,
)


def find(top: Path, folder: str, shown: str) -> Path:
    """The folder with index.html: `folder` of the repository at `top`, or its top, or the one usual one.

    `shown`: the repository, for the message. Raises `RefusedError` that names what was found.
    """
    if folder:
        found = (top / folder).resolve()
        if Path(folder).is_absolute() or not found.is_relative_to(top.resolve()):
            raise RefusedError(f"FOLDER={folder}: leads out of {shown}; name a folder within it")
        if not found.is_dir():
            raise RefusedError(f"FOLDER={folder}: there is no such folder in {shown}; it has {_listed(top)}")
        if not (found / _INDEX).is_file():
            raise RefusedError(f"FOLDER={folder}: has no {_INDEX}; name the folder of {shown} that has it")
        return found
    if (top / _INDEX).is_file():
        return top
    candidates = [name for name in USUAL if (top / name / _INDEX).is_file()]
    if len(candidates) > 1:
        raise RefusedError(
            f"{shown}: {' and '.join(candidates)} have an {_INDEX} each; name the one that is meant: "
            f"FOLDER={candidates[0]}"
        )
    if not candidates:
        raise RefusedError(
            f"{shown}: no {_INDEX} at its top, nor in {', '.join(USUAL)}; name the folder that has it: FOLDER=…; "
            f"it has {_listed(top)}"
        )
    return find(top, candidates[0], shown)


def about_the_repository(site: Path) -> list[Path]:
    """The files at the top of a site that are about its repository and not for its visitors."""
    return sorted(
        each for each in site.iterdir() if each.is_file() and _ABOUT_THE_REPOSITORY.fullmatch(each.name)
    )


def _listed(top: Path) -> str:
    names = sorted(each.name for each in top.iterdir() if each.is_dir() and not each.name.startswith("."))
    return f"the folders {', '.join(names[:12])}" if names else "no folders"
