"""Asks the CDK's own template diff, the npm package @aws-cdk/cloudformation-diff, about pairs of templates."""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from deploy import cdk_cli
from review.template_diff.assemblies import Pair

_PROGRAM: Final = Path(__file__).with_name("cdk_diff.js")
_TIME_LIMIT_SECONDS: Final = 300


class DiffError(Exception):
    """The difference could not be made; the text is one line."""


class Impact(StrEnum):
    """What CloudFormation would do with a resource or because of a property: CDK's `ResourceImpact`."""

    DESTROY = "WILL_DESTROY"
    REPLACE = "WILL_REPLACE"
    MAY_REPLACE = "MAY_REPLACE"
    ORPHAN = "WILL_ORPHAN"
    UPDATE = "WILL_UPDATE"
    CREATE = "WILL_CREATE"
    IMPORT = "WILL_IMPORT"
    NOTHING = "NO_CHANGE"


@dataclass(frozen=True, slots=True)
class Part:
    """A property of a resource, or an attribute beside the properties such as DeletionPolicy, that changed;
    `before` and `after` are JSON, None where it was not there."""

    name: str
    before: Any
    after: Any
    impact: Impact


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that changed. `path` is its construct's, empty if the template does not tell; the policies are
    those of the template before, empty if it had none."""

    id: str
    path: str
    type: str
    impact: Impact
    deletion_policy: str
    replace_policy: str
    properties: tuple[Part, ...]
    others: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """What changed outside of the resources: `section` as "outputs"; `how` is added, removed or changed."""

    section: str
    id: str
    how: str


@dataclass(frozen=True, slots=True)
class Security:
    """A statement or rule that comes (`sign` is +) or goes (-), `on` a resource."""

    kind: str
    sign: str
    on: str
    says: str


@dataclass(frozen=True, slots=True)
class StackDiff:
    """All that differs between a stack's two templates; `text` as the CDK prints it, empty if nothing does.

    `new`, `removed`: the other assembly has no such stack. `broadened`: something is allowed that was not.
    """

    stack: str
    new: bool
    removed: bool
    resources: tuple[Resource, ...]
    others: tuple[Other, ...]
    security: tuple[Security, ...]
    broadened: bool
    text: str


def differences(pairs: Sequence[Pair]) -> list[StackDiff]:
    """The difference of each pair, in order. Raises `DiffError`."""
    try:
        ran = subprocess.run(
            [str(cdk_cli.node_folder() / "node"), str(_PROGRAM)],
            input=json.dumps([{"before": pair.before or {}, "after": pair.after or {}} for pair in pairs]),
            env={**os.environ, "FORCE_COLOR": "0"},
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DiffError(f"the CDK's template diff took longer than {_TIME_LIMIT_SECONDS} s") from None
    if "Cannot find module '@aws-cdk/cloudformation-diff'" in ran.stderr:
        raise DiffError(
            "the npm package @aws-cdk/cloudformation-diff is not installed: run `make synth` once"
        )
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if "Error" in line] or ran.stderr.splitlines()[-1:]
        raise DiffError(f"the CDK's template diff failed: {' '.join(said[:1]) or ran.returncode}")
    return [_read(pair, found) for pair, found in zip(pairs, json.loads(ran.stdout), strict=True)]


def _read(pair: Pair, found: dict[str, Any]) -> StackDiff:
    return StackDiff(
        stack=pair.stack,
        new=pair.before is None,
        removed=pair.after is None,
        resources=tuple(_resource(each) for each in found["resources"]),
        others=tuple(Other(**each) for each in found["others"]),
        security=tuple(Security(**each) for each in found["security"]),
        broadened=found["broadened"],
        text=found["text"],
    )


def _resource(found: dict[str, Any]) -> Resource:
    return Resource(
        id=found["id"],
        path=found["path"],
        type=found["type"],
        impact=Impact(found["impact"]),
        deletion_policy=found["deletionPolicy"],
        replace_policy=found["replacePolicy"],
        properties=_parts(found["properties"]),
        others=_parts(found["others"]),
    )


def _parts(found: list[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**{**each, "impact": Impact(each["impact"])}) for each in found)
