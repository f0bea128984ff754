"""What a reviewer is to know of each change, worst first."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from review.template_diff.assemblies import NEW, OLD
from review.template_diff.cdk_diff import Impact, Other, Part, Resource, Security, StackDiff
from review.template_diff.stateful import STATEFUL


class Kind(IntEnum):
    """What becomes of something, worst first. KEPT: it is no longer in the stack, and exists on
    (DeletionPolicy Retain). PERMISSION is another view of changes that have a row of their own."""

    DESTROYED = 0
    REPLACED = 1
    MAYBE_REPLACED = 2
    KEPT = 3
    PERMISSION = 4
    CHANGED = 5
    NEW = 6


KINDS: Final = {
    Impact.DESTROY: Kind.DESTROYED,
    Impact.REPLACE: Kind.REPLACED,
    Impact.MAY_REPLACE: Kind.MAYBE_REPLACED,
    Impact.ORPHAN: Kind.KEPT,
    Impact.UPDATE: Kind.CHANGED,
    Impact.NOTHING: Kind.CHANGED,
    Impact.IMPORT: Kind.NEW,
    Impact.CREATE: Kind.NEW,
}

_POLICIES: Final = ("DeletionPolicy", "UpdateReplacePolicy")
# as CDK's diff marks a reference to a resource that it says will be replaced
_REPLACED_REFERENCE: Final = "(replaced)"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why: the `name` of a property, or empty, and what there is to say of it, in our words (`says`) and in the
    template's (`quoted`)."""

    name: str = ""
    says: str = ""
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One row. `data`: what the resource is in a word, if it holds data."""

    kind: Kind
    stack: str
    id: str
    path: str
    type: str
    causes: tuple[Cause, ...]
    data: str = ""

    @property
    def loses_data(self) -> bool:
        """Whether something that holds data would be replaced or destroyed for sure, kept copy or not."""
        return bool(self.data) and self.kind in (Kind.DESTROYED, Kind.REPLACED)


def of(differences: Iterable[StackDiff]) -> list[Change]:
    """All changes, the worst first, and of the same kind those of what holds data first."""
    found = (change for diff in differences for change in _of_stack(diff))
    return sorted(found, key=lambda each: (each.kind, not each.data, each.stack, each.path, each.id))


def _of_stack(diff: StackDiff) -> Iterator[Change]:
    for resource in diff.resources:
        kind = KINDS[resource.impact]
        yield Change(
            kind,
            diff.stack,
            resource.id,
            resource.path,
            resource.type,
            tuple(_causes(resource, kind, stack_removed=diff.removed)),
            STATEFUL.get(resource.type, ""),
        )
    for permission in diff.security:
        yield _permission(diff.stack, permission)
    for other in diff.others:
        yield _other(diff, other)


def _causes(resource: Resource, kind: Kind, *, stack_removed: bool) -> Iterator[Cause]:
    if kind in (Kind.DESTROYED, Kind.KEPT):
        yield Cause(
            says="its stack is no longer in the app" if stack_removed else "no longer in the template"
        )
        if resource.deletion_policy == "Snapshot":
            yield Cause(says="a last snapshot is kept")
    elif kind in (Kind.REPLACED, Kind.MAYBE_REPLACED):
        to_blame = [part for part in resource.properties if KINDS[part.impact] is kind]
        yield from map(_cause, to_blame)
        if not to_blame:
            yield Cause(says="its type changes")
        if resource.replace_policy in ("Retain", "Snapshot"):
            left = "the old one is kept" if resource.replace_policy == "Retain" else "a snapshot is kept"
            left = f"if so, {left}" if kind is Kind.MAYBE_REPLACED else left
            yield Cause(says=f"{left}, the new one is empty" if resource.type in STATEFUL else left)
    elif kind is Kind.CHANGED:
        yield from map(_cause, resource.properties)
        yield from (_cause(part) for part in resource.others if not resource.properties or _matters(part))


def _matters(part: Part) -> bool:
    """Metadata follows the properties: the path of an asset, of which the property has the hash."""
    return part.name != "Metadata"


def _cause(part: Part) -> Cause:
    before, after = json.dumps(part.before, sort_keys=True), json.dumps(part.after, sort_keys=True)
    if part.name in _POLICIES:
        return Cause(part.name, quoted=f"{part.before or 'Delete'} → {part.after or 'Delete'}")
    if before.replace(OLD, NEW) == after:
        return Cause(part.name, "new template" if part.name == "TemplateURL" else "new code")
    if _REPLACED_REFERENCE in after and _REPLACED_REFERENCE not in before:
        return Cause(part.name, "refers to what is replaced")
    return Cause(part.name)


def _permission(stack: str, permission: Security) -> Change:
    return Change(
        Kind.PERMISSION,
        stack,
        permission.on,
        "",
        permission.kind,
        (Cause(says="added" if permission.sign == "+" else "removed", quoted=permission.says),),
    )


def _other(diff: StackDiff, other: Other) -> Change:
    kind = Kind.NEW if diff.new else Kind.CHANGED
    return Change(kind, diff.stack, other.id, "", other.section, (Cause(says=other.how),))
