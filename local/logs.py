"""`make logs`: the logs of everything that runs, one after the other line by line, as they are written."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from local.errors import BadInputError
from local.session import Session

_EARLIER_LINES = 10


def follow(session: Session, only: str, *, forever: bool) -> None:
    """Write the last lines of each log and, with `forever`, those to come until interrupted.

    Raises `BadInputError` when there is no log of the name `only`.
    """
    layout = session.layout
    files = {path.stem: path for path in sorted(layout.logs.glob("*.log"))}
    redis = layout.redis_data / "redis.log"
    if redis.exists():
        files["redis"] = redis
    if only and only not in files:
        raise BadInputError(f"no log {only!r}; there are: {', '.join(sorted(files)) or 'none (make up)'}")
    chosen = {only: files[only]} if only else files
    width = max((len(name) for name in chosen), default=0)
    for name, path in chosen.items():
        for line in path.read_text(errors="replace").splitlines()[-_EARLIER_LINES:]:
            print(f"{name:<{width}} | {line}")
    opened = {name: _at_end(path) for name, path in chosen.items()}
    while forever:
        quiet = True
        for name, file in opened.items():
            for line in _new_lines(file):
                quiet = False
                print(f"{name:<{width}} | {line}", flush=True)
        if quiet:
            time.sleep(0.2)


def _at_end(path: Path) -> TextIO:
    file = path.open(errors="replace")
    file.seek(0, 2)
    return file


def _new_lines(file: TextIO) -> Iterator[str]:
    """Whole lines only: what is half written is read again with its rest."""
    while True:
        position = file.tell()
        line = file.readline()
        if not line.endswith("\n"):
            file.seek(position)
            return
        yield line.rstrip("\n")
