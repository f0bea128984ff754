"""What drifted, in one line and as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_MOST_CHARACTERS: Final = 200  # of a value: a policy document is longer than an issue is read
# GitHub refuses a body of more than 65,536 characters
_MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Resource:
    """One that was checked: CloudFormation's status (IN_SYNC, MODIFIED, DELETED, NOT_CHECKED, UNKNOWN), and of
    each property that differs its path, the deployed value and the one found."""

    name: str
    kind: str
    status: str
    differences: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""

    @property
    def drifted(self) -> bool:
        """Changed or deleted."""
        return self.status in ("MODIFIED", "DELETED")

    @property
    def unknown(self) -> bool:
        """Not to be seen: most often a permission is missing."""
        return self.status == "UNKNOWN"


def resource(told: Mapping[str, Any]) -> Resource:
    """From a `StackResourceDrift` of CloudFormation's API."""
    return Resource(
        told["LogicalResourceId"],
        told["ResourceType"],
        told["StackResourceDriftStatus"],
        tuple(
            (each["PropertyPath"], each["ExpectedValue"], each["ActualValue"])
            for each in told.get("PropertyDifferences", [])
        ),
        told.get("DriftStatusReason", ""),
    )


def line(found: Mapping[str, Sequence[Resource]]) -> str:
    """How much was checked, and what was found."""
    everything = [each for resources in found.values() for each in resources]
    drifted, unknown = sum(each.drifted for each in everything), [each for each in everything if each.unknown]
    told = f"drift: {drifted} of {len(everything)} resources that CloudFormation checks"
    if unknown:
        told += f"; {len(unknown)} could not be checked, the first is {unknown[0].name}: {unknown[0].reason or '?'}"
    return told


def markdown(found: Mapping[str, Sequence[Resource]], regions: Mapping[str, str]) -> str:
    """A section for each stack: what is not as it was deployed, deleted first, and what to do."""
    lines = [line(found).removeprefix("drift: ").capitalize() + ", differ from what was deployed.", ""]
    for stack, resources in found.items():
        wrong = sorted(
            (each for each in resources if each.drifted or each.unknown),
            key=lambda each: (each.status, each.name),
        )
        if not wrong:
            continue
        lines += [f"## {stack}, {regions[stack]}", "", "| Resource | Status | Property | Deployed | Found |"]
        lines += ["|---|---|---|---|---|"]
        rows = [row for each in wrong for row in _rows(each)]
        lines += rows[:_MOST_ROWS]
        if len(rows) > _MOST_ROWS:
            lines += ["", f"And {len(rows) - _MOST_ROWS} more: `make drift ARGS={stack}` lists them."]
        lines += [""]
    lines += [
        "A deploy of the same template does not take it back. Either make the change in the code and deploy it, or "
        "undo it where it was made; `make drift` looks again."
    ]
    return "\n".join(lines) + "\n"


def _rows(found: Resource) -> list[str]:
    differences = found.differences or (("", found.reason, ""),)
    return [
        _row(f"`{found.name}` {found.kind}", found.status, path and _code(path), _code(old), _code(new))
        for path, old, new in differences
    ]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """Text of somebody else's as code: it breaks no table, and mentions nobody."""
    if not text:
        return ""
    short = text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
    return "`" + " ".join(short.split()).replace("`", "'").replace("|", "\\|") + "`"
