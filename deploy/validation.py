"""Validation of what changed alone: most of a synth's time is the CDK's validation of templates as they were.

The synth goes without it, and then each template that has not passed yet is validated by the same plugin of the
CDK. A template that passed is remembered by its content, its account and region, and the CDK's version.
Whatever is found, and whatever cannot be done here, is left to a synth with the validation in it: that one knows
what is acknowledged, and its word counts.
"""

import importlib.metadata
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from deploy import cdk_cli
from deploy.assembly import Written

_PROGRAM: Final = Path(__file__).with_name("validate.js")
_TIME_LIMIT_SECONDS: Final = 300


class Passed:
    """The templates that passed, in `folder`: an empty file for each."""

    def __init__(self, folder: Path, version: str) -> None:
        self._folder = folder
        self._version = version

    def lacks(self, templates: Iterable[Written]) -> list[Written]:
        """Those that have not passed as they are now."""
        return [each for each in templates if not (self._folder / each.key(self._version)).exists()]

    def add(self, templates: Iterable[Written]) -> None:
        """Remember that these passed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for each in templates:
            (self._folder / each.key(self._version)).touch()


def version() -> str:
    """Of the package that has the rules."""
    return importlib.metadata.version("aws-cdk-lib")


def passed() -> Passed:
    """Of this checkout."""
    return Passed(cdk_cli.ROOT / ".cache" / "validated", version())


def all_pass(templates: Iterable[Written]) -> bool:
    """Whether the CDK's plugin finds nothing in `templates`; false too if it could not be asked."""
    asked = [
        {
            "stackConstructPath": each.stack,
            "templatePath": str(each.path),
            **({"accountId": each.account} if each.account else {}),
            **({"region": each.region} if each.region else {}),
        }
        for each in templates
    ]
    if not asked:
        return True
    library = _library()
    if library is None:
        return False
    node = cdk_cli.node_folder() / "node"
    try:
        ran = subprocess.run(
            [str(node), str(_PROGRAM), str(library)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=_TIME_LIMIT_SECONDS,
        )
        report = json.loads(ran.stdout)
    except (subprocess.SubprocessError, ValueError):
        return False
    return report["success"] is True and report["violations"] == []


def _library() -> Path | None:
    """aws-cdk-lib as jsii unpacked it; None before its first use, or if there are several."""
    found = list((cdk_cli.ROOT / ".cache" / "jsii" / "aws-cdk-lib" / version()).glob("*/core/lib/validation"))
    return found[0].parents[2] if len(found) == 1 else None
