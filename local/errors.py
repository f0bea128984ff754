"""How the local run ends when it cannot go on: one clear message, and an exit code that scripts can use."""

from pathlib import Path

FAILED = 1
"""Something that runs failed: a deploy, a process, a check."""

BAD_INPUT = 2
"""A setting, an argument or the site folder is not usable; nothing was started or changed."""

INTERRUPTED = 130
"""Ctrl-C or SIGTERM, as shells report it (128 + SIGINT)."""


class LocalRunError(Exception):
    """Something that ends the command; the text says what happened and what to do about it."""

    exit_code = FAILED


class BadInputError(LocalRunError):
    """What the user gave cannot be used; raised before anything is started or changed."""

    exit_code = BAD_INPUT


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log file, indented, for an error message; empty when there is none."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return ""
    return "".join(f"\n  | {line[:300]}" for line in lines)
