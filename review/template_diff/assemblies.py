"""The templates of two cloud assemblies side by side, with hashes of assets as words.

The CDK names an asset (the code of a function, an image, a site's archive) by a hash of its content. That hash
is no value that anyone chose: one that is in one of the assemblies alone becomes OLD or NEW, so that what is
left of the change is that there is a new one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deploy.assembly import written
from deploy.errors import RefusedError

Template = Mapping[str, Any]

OLD: Final = "old-asset"
NEW: Final = "new-asset"

# "File assets" and "Docker image assets" of the CDK: SHA-256 of what is uploaded, in hexadecimal
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A stack's template before and after; None where there is no such stack. A nested stack's `stack` is
    `Parent/LogicalId`."""

    stack: str
    before: Template | None
    after: Template | None


def pairs(before: Path, after: Path) -> list[Pair]:
    """Every stack that is in one of the assemblies `before` and `after` (folders as cdk.out), by name.

    Raises `RefusedError` if one of them is no assembly.
    """
    old_hashes, new_hashes = _hashes(before), _hashes(after)
    old = dict(_templates(before, old_hashes - new_hashes, OLD))
    new = dict(_templates(after, new_hashes - old_hashes, NEW))
    return [Pair(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())]


def _hashes(assembly: Path) -> frozenset[str]:
    """Of all assets of an assembly, as its asset manifests have them."""
    try:
        artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
        manifests = [each["properties"]["file"] for each in artifacts if each["type"] == "cdk:asset-manifest"]
        return frozenset(
            found for name in manifests for found in _HASH.findall((assembly / name).read_text())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _no_assembly(assembly) from None


def _templates(assembly: Path, hashes: frozenset[str], word: str) -> Iterator[tuple[str, Template]]:
    try:
        for each in written(assembly):
            yield from _with_nested(each.stack, each.path, hashes, word)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _no_assembly(assembly) from None


def _with_nested(name: str, path: Path, hashes: frozenset[str], word: str) -> Iterator[tuple[str, Template]]:
    text = path.read_text()
    yield name, json.loads(_HASH.sub(lambda found: word if found[0] in hashes else found[0], text))
    for logical_id, resource in json.loads(text).get("Resources", {}).items():
        # "aws:asset:path" of a nested stack's resource names its template in the assembly
        nested = resource.get("Metadata", {}).get("aws:asset:path")
        if resource.get("Type") == "AWS::CloudFormation::Stack" and nested:
            yield from _with_nested(f"{name}/{logical_id}", path.parent / nested, hashes, word)


def _no_assembly(folder: Path) -> RefusedError:
    return RefusedError(
        f"{folder}: no cloud assembly, or not a whole one; name the folder that `cdk synth --output` wrote"
    )
