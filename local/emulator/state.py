"""Saved state: what a stopped emulator leaves in the data folder, so that the next start has it all again.

ministack saves each service's records to a file of its own when it ends, and S3's objects as they come. A
process that is killed leaves files of different moments. So a marker says that the state is whole: it is
written last, after everything was saved, and removed first, before anything is changed. Without it, or written
by another version, the state is thrown away, with one line in the log.
"""

import json
import logging
import re
import shutil
from pathlib import Path
from typing import Any

from local.emulator import EXTENSION_VERSION, SUPPORTED_MINISTACK

_log = logging.getLogger("local.emulator")


class State:
    """The folder `<data>/state`."""

    def __init__(self, data: Path) -> None:
        """`data` is the emulator's data folder."""
        self._folder = data / "state"
        self._marker = self._folder / "complete.json"
        self._recorded = self._folder / "recorded.json"

    def open(self, port: int) -> list[dict[str, Any]] | None:
        """Mark the state as in use; return the saved records, or None where a start from nothing is due.

        The gateway's own address is part of some records (URLs of queues and of Lambda layers); where the port
        is another one than the state was saved with, they are brought up to it.
        """
        expected = self._contents(port)
        reason = None
        records: list[dict[str, Any]] | None = None
        if self._folder.exists():
            try:
                found = json.loads(self._marker.read_text(encoding="utf-8"))
                records = json.loads(self._recorded.read_text(encoding="utf-8"))
                for file in sorted((self._folder / "services").glob("*.json")):
                    json.loads(file.read_text(encoding="utf-8"))
                if (
                    not isinstance(found, dict)
                    or set(found) != set(expected)
                    or found | {"port": port} != expected
                ):
                    reason = f"it was saved by {found}, this is {expected}"
                elif found["port"] != port:
                    self._move(found["port"], port)
            except FileNotFoundError:
                reason = "the emulator did not end in order"
            except (OSError, ValueError) as error:
                reason = f"it is damaged ({error})"
        if reason:
            _log.warning("saved state discarded: %s; deploy again", reason)
            shutil.rmtree(self._folder)
            records = None
        self._marker.unlink(missing_ok=True)
        (self._folder / "services").mkdir(parents=True, exist_ok=True)
        (self._folder / "s3").mkdir(parents=True, exist_ok=True)
        return records

    def _move(self, old: int, new: int) -> None:
        """Let what the services saved name the gateway by its new port."""
        own_address = re.compile(rf"\b(localhost|127\.0\.0\.1):{old}\b")
        for file in (self._folder / "services").glob("*.json"):
            text = file.read_text(encoding="utf-8")
            moved = own_address.sub(rf"\g<1>:{new}", text)
            if moved != text:
                file.write_text(moved, encoding="utf-8")

    def close(self, port: int, records: list[dict[str, Any]], *, whole: bool) -> None:
        """Write our records and, if the state is `whole`, the marker. ministack has saved its own before."""
        if not whole:
            _log.warning("a stack operation was under way: this state will be discarded")
            return
        self._recorded.write_text(json.dumps(records), encoding="utf-8")
        temporary = self._marker.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._contents(port)), encoding="utf-8")
        temporary.replace(self._marker)

    @staticmethod
    def _contents(port: int) -> dict[str, Any]:
        return {"ministack": SUPPORTED_MINISTACK, "extension": EXTENSION_VERSION, "port": port}
