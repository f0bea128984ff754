"""Tells when the folder has changed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch

# A build may remove the folder and make it anew, which ends the watching without a word.
_LOOK_AGAIN_MS: Final = 500
_log = logging.getLogger(__name__)


async def changes(folder: Path) -> AsyncIterator[list[str]]:
    """The paths in it that changed, each time some did; what is not published does not count.

    `folder`: absolute. An empty list says to look whether something did: when the watching has begun, and while the
    folder is not there.
    """
    while True:
        seen = _identity(folder)
        if seen:
            begins = True
            try:
                async for changed in awatch(
                    folder,
                    watch_filter=lambda _, path: _is_seen(folder, path),
                    rust_timeout=_LOOK_AGAIN_MS,
                    yield_on_timeout=True,
                ):
                    if changed or begins:
                        yield _names(folder, changed)
                    begins = False
                    if _identity(folder) != seen:
                        break
            except (FileNotFoundError, RuntimeError) as error:  # it went at this moment
                _log.debug("watching %s: %s", folder, error)
        yield []
        await asyncio.sleep(_LOOK_AGAIN_MS / 1000)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_seen(folder: Path, path: str) -> bool:
    try:
        parts = Path(path).relative_to(folder).parts
    except ValueError:
        return False
    return all(not part.startswith(".") or part == ".well-known" for part in parts)


def _names(folder: Path, changed: set[tuple[Change, str]]) -> list[str]:
    return sorted({Path(path).relative_to(folder).as_posix() for _, path in changed} - {"."})
