"""The templates that a synth wrote."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UNKNOWN: Final = ("unknown-account", "unknown-region")


@dataclass(frozen=True, slots=True)
class Written:
    """A template of an assembly; `account` and `region` are None where any will do."""

    stack: str
    path: Path
    account: str | None
    region: str | None

    def key(self, version: str) -> str:
        """What its validation depends on."""
        told = json.dumps([version, self.stack, self.account, self.region]).encode()
        return hashlib.sha256(told + self.path.read_bytes()).hexdigest()


def written(assembly: Path) -> list[Written]:
    """The templates of the last synth into `assembly`."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    found = []
    for name, artifact in sorted(manifest["artifacts"].items()):
        if artifact["type"] == "aws:cloudformation:stack":
            place = artifact["environment"].removeprefix("aws://").split("/")
            account, region = (None if each in _UNKNOWN else each for each in place)
            found.append(Written(name, assembly / artifact["properties"]["templateFile"], account, region))
    return found
