"""What refers to what: within a template, and from one stack to another."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from review.platform.templates import PLACES, Template, Templates

# ${Name} and ${Name.Attribute} in Fn::Sub; ${!Name} is text
_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True, slots=True)
class Inside:
    """`owner`, a logical id or `Outputs.Name`, refers to `target`, a logical id or parameter of its template."""

    owner: str
    target: str


@dataclass(frozen=True, slots=True)
class Across:
    """`owner` of `stack` reads the output `output` of the stack `other` in `region`."""

    stack: str
    owner: str
    other: str
    region: str
    output: str


def inside(template: Template) -> Iterator[Inside]:
    """Every reference within `template`; CloudFormation's pseudo parameters are none."""
    for owner, value in _owners(template):
        for target in _targets(value):
            if not target.startswith("AWS::"):
                yield Inside(owner, target)
    for name, resource in template.get("Resources", {}).items():
        needed = resource.get("DependsOn", [])
        for target in [needed] if isinstance(needed, str) else needed:
            yield Inside(name, target)


def across(templates: Templates) -> Iterator[Across]:
    """Every reference from one stack to another: `Fn::GetStackOutput`."""
    for stack, template in templates.items():
        for owner, value in _owners(template):
            for found in _calls(value, "Fn::GetStackOutput"):
                yield Across(
                    stack,
                    owner,
                    found["StackName"],
                    # without one it is the reader's own
                    found.get("Region", PLACES[stack].region),
                    found["OutputName"],
                )


def unresolved(templates: Templates) -> list[str]:
    """One line for each reference that leads nowhere."""
    lost = []
    for stack, template in templates.items():
        known = template.get("Resources", {}).keys() | template.get("Parameters", {}).keys()
        lost += [
            f"{stack}.{found.owner}: no {found.target} in its template"
            for found in inside(template)
            if found.target not in known
        ]
    for reference in across(templates):
        other = templates.get(reference.other)
        where = f"{reference.stack}.{reference.owner}"
        if other is None:
            lost.append(f"{where}: no stack {reference.other}")
        elif reference.output not in other.get("Outputs", {}):
            lost.append(f"{where}: no output {reference.output} of {reference.other}")
        elif reference.region != PLACES[reference.other].region:
            lost.append(f"{where}: {reference.other} is not in {reference.region}")
    return lost


def used_by(templates: Templates) -> dict[str, set[str]]:
    """The stacks that each stack reads from; all are there, most of them with none."""
    edges: dict[str, set[str]] = {stack: set() for stack in templates}
    for reference in across(templates):
        if reference.other != reference.stack:
            edges[reference.stack].add(reference.other)
    return edges


def cycle(edges: Mapping[str, set[str]]) -> list[str]:
    """The stacks of a circle in `edges`, the first one once more at its end; empty if there is none."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for following in sorted(edges.get(node, ())):
            if found := walk(following, [*path, node]):
                return found
        done.add(node)
        return []

    for start in edges:
        if found := walk(start, []):
            return found
    return []


def _owners(template: Template) -> Iterator[tuple[str, Any]]:
    yield from template.get("Resources", {}).items()
    for name, output in template.get("Outputs", {}).items():
        yield f"Outputs.{name}", output


def _targets(value: object) -> Iterator[str]:
    yield from (found for found in _calls(value, "Ref") if isinstance(found, str))
    for found in _calls(value, "Fn::GetAtt"):
        yield found.partition(".")[0] if isinstance(found, str) else found[0]
    for found in _calls(value, "Fn::Sub"):
        text, given = (found, {}) if isinstance(found, str) else found
        for variable in _VARIABLE.findall(text):
            name = variable.partition(".")[0]
            if name not in given:
                yield name


def _calls(value: object, function: str) -> Iterator[Any]:
    """The arguments of each call of an intrinsic function anywhere in `value`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == function and len(value) == 1:
                yield inner
            # what is in a call's arguments counts too: Fn::Join's parts, Fn::Sub's variables
            yield from _calls(inner, function)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _calls(inner, function)
