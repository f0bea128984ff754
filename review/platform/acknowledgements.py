"""The findings that are meant, as a page for an assessor: docs/acknowledged.md."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from review.platform.templates import PLACES, Templates, resources

PACKS: Final = {
    "AwsSolutions": "cdk-nag AwsSolutions",
    "PCI.DSS.321": "cdk-nag PCI DSS 3.2.1",
    "NIST.800.53.R5": "cdk-nag NIST 800-53 r5",
    "CKV": "checkov",
    "CloudFormation-Validate": "CDK's validation",
}
"""By the beginning of the rules' ids."""

_HEAD: Final = """\
# Acknowledged findings

What the rule packs find in the e-commerce platform and is meant, with the reason that stands beside the resource in
`stacks/ecommerce/` (`acknowledge(…)`). All else that they find ends the build. A test fails when an entry is no
longer needed. `make golden` writes this page, of all phases and every setting that adds resources.

`*` in a construct stands for the region, and for the number at a name's end.
"""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That the finding of `rule` at the construct `path`, and at all below it, is meant."""

    path: str
    rule: str
    reason: str

    @property
    def pack(self) -> str:
        """Whose rule it is, in words."""
        return next((told for begin, told in PACKS.items() if self.rule.startswith(begin)), "other")

    @property
    def constructs(self) -> str:
        """The path for all regions and all of a row of constructs."""
        stack, *rest = self.path.split("/")
        place = PLACES.get(stack)
        named = f"Ecommerce{place.name}-*" if place else stack
        return "/".join([named, *(re.sub(r"\d+$", "*", each) for each in rest)])


@dataclass(frozen=True, slots=True)
class Finding:
    """That `rule` is not obeyed at the construct `path`."""

    path: str
    rule: str


def of_checkov(templates: Templates) -> list[Acknowledgement]:
    """What the templates' metadata tells checkov to skip; the path is the stack and the logical id."""
    return [
        Acknowledgement(f"{each.stack}/{each.logical_id}", skipped["id"], skipped["comment"])
        for each in resources(templates)
        for skipped in each.whole.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]


def unneeded(given: Iterable[Acknowledgement], found: Iterable[Finding]) -> list[str]:
    """One line for each acknowledgement without a finding, in any region, at its construct or below."""
    paths: dict[str, set[str]] = {}
    for finding in found:
        paths.setdefault(finding.rule, set()).add(finding.path)
    needed: set[tuple[str, str]] = set()
    every: dict[tuple[str, str], None] = {}
    for each in given:
        every[each.rule, each.constructs] = None
        below = f"{each.path}/"
        if any(path == each.path or path.startswith(below) for path in paths.get(each.rule, ())):
            needed.add((each.rule, each.constructs))
    return [f"{rule} at {constructs}" for rule, constructs in every if (rule, constructs) not in needed]


def page(given: Sequence[Acknowledgement], found: Sequence[Finding]) -> str:
    """The page: a table of counts, then a row for each rule, reason and kind of construct."""
    rows: dict[tuple[str, str, str], set[str]] = {}
    for each in given:
        rows.setdefault((each.pack, each.rule, each.reason), set()).add(each.constructs)
    counts = [
        f"| {pack} | {len({each.rule for each in of_pack})} | "
        f"{sum(pack == name for name, _, _ in rows)} | "
        f"{sum(finding.rule.startswith(begin) for finding in found) or '—'} |"
        for begin, pack in PACKS.items()
        if (of_pack := [each for each in given if each.pack == pack]) or begin != "CloudFormation-Validate"
    ]
    entries = [
        f"| `{_rule(rule)}` | {pack} | {'<br>'.join(f'`{path}`' for path in sorted(paths))} | {reason} |"
        for (pack, rule, reason), paths in sorted(rows.items())
    ]
    return "\n".join(
        [
            _HEAD,
            "| Pack | Rules | Reasons | Findings in all regions |\n|---|--:|--:|--:|",
            *counts,
            "\n| Rule | Pack | Constructs | Reason |\n|---|---|---|---|",
            *entries,
            "",
        ]
    )


def _rule(rule: str) -> str:
    """Without the pack, which has its own column; a bar would end a cell."""
    for begin in ("PCI.DSS.321-", "NIST.800.53.R5-"):
        rule = rule.removeprefix(begin)
    return rule.replace("|", "\\|")
