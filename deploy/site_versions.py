"""The deployed site's versions: which there are, which one is live, and going back to one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy import outputs
from deploy.errors import RefusedError

PUBLISHERS_PATIENCE: Final = Config(connect_timeout=5, read_timeout=120, retries={"max_attempts": 1})
"""For the publisher's answer, in seconds: it looks at every object of a version before it makes it live."""

_HEAD: Final = ("", "version", "deployed, UTC", "commit", "files", "size", "uploaded")


class NoVersionsError(RefusedError):
    """There is no such stack, or none that keeps versions."""


class SiteVersions:
    """Asks the stack's publisher (stacks/site_hosting/publisher), which alone writes the pointer."""

    def __init__(self, *, cloudformation: Any, functions: Any, stack: str) -> None:
        """boto3's clients of CloudFormation and Lambda, and the name of the site's stack."""
        self._cloudformation, self._functions, self._stack = cloudformation, functions, stack

    def table(self) -> str:
        """The kept versions, the newest first, the live one marked. Raises `RefusedError`."""
        rows = [
            (
                "*" if each["live"] else "",
                each["version"],
                each["created"].replace("T", " ").rstrip("Z"),
                each["commit"] or "-",
                f"{each['files']:,}",
                _size(each["bytes"]),
                _size(each["uploaded_bytes"]),
            )
            for each in self.kept()
        ]
        note = "* is live; `make rollback VERSION=…` makes another live"
        return f"{_aligned([_HEAD, *rows])}\n{note}" if rows else f"{self._stack} has no version yet"

    def kept(self) -> list[dict[str, Any]]:
        """The kept versions as the publisher tells them (publish.py, `history`). Raises `RefusedError`."""
        versions: list[dict[str, Any]] = self._ask({"operation": "versions"})["versions"]
        return versions

    def live(self) -> str:
        """The live version; empty if there is none. Raises `RefusedError`."""
        return next((str(each["version"]) for each in self.kept() if each["live"]), "")

    def roll_back(self, version: str = "") -> str:
        """Make `version` live, or the one before the live one; returns its id. Raises `RefusedError`."""
        live: str = self._ask({"operation": "rollback", "version": version})["live"]
        return live

    def _ask(self, question: Mapping[str, str]) -> Any:
        try:
            answer = self._functions.invoke(
                FunctionName=self._publisher(), Payload=json.dumps(question).encode()
            )
        except (BotoCoreError, ClientError) as error:
            raise RefusedError(f"{self._stack}: its publisher cannot be asked: {error}") from error
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            reason = told.get("errorMessage", told) if isinstance(told, dict) else told
            raise RefusedError(f"{self._stack}: its publisher failed: {reason}; nothing was changed")
        if refused := told.get("refused"):
            raise RefusedError(f"{self._stack}: {refused}")
        return told

    def _publisher(self) -> str:
        found = outputs.read(self._cloudformation, self._stack)
        if found is None:
            raise NoVersionsError(f"{self._stack} is not deployed here; `make deploy` first")
        if "Publisher" not in found:
            raise NoVersionsError(f"{self._stack} has no versions: only hosting=cloudfront keeps them")
        return found["Publisher"]


def _size(count: int) -> str:
    """Bytes as people read them."""
    amount, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    first_number = _HEAD.index("files")
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column >= first_number else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
