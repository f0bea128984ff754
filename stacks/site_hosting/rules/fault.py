"""What is wrong with a line of a rules file, as one line for the person who wrote it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`line`: counted from 1, 0 if it is about the file as a whole. `legal`: what can be written instead."""

    file: str
    line: int
    given: str
    reason: str
    legal: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        given = self.given if self.given.isprintable() else ascii(self.given)[1:-1]
        return f"{where}: {given}: {self.reason}; {self.legal}"


class RulesError(ValueError):
    """Rules that cannot be applied: the message has a line per fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def nearest(given: str, legal: Iterable[str]) -> str:
    """The one of `legal` that `given` is nearly, in any case of letters; empty if it is far from all, or is one."""
    folded = {each.lower(): each for each in legal}
    found = difflib.get_close_matches(given.lower(), folded, n=1, cutoff=0.85)
    return folded[found[0]] if found and found[0] != given.lower() else ""
