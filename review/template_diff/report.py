"""The differences as Markdown for a comment on a pull request: verdict, table, and what `cdk diff` prints."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from review.template_diff import changes
from review.template_diff.cdk_diff import StackDiff
from review.template_diff.changes import Cause, Change, Kind
from review.template_diff.github_markdown import block, length, span

MARKER: Final = "<!-- template-diff -->"
"""The first line, by which a workflow finds its own comment."""

LIMIT: Final = 65_000
"""UTF-16 units. GitHub refuses a comment of more than 65,536 characters."""

LEAST_LIMIT: Final = 12_000
"""What verdict and heads may take at most, with room for a row."""

_WORDS: Final = {
    Kind.DESTROYED: "**will be destroyed**",
    Kind.REPLACED: "**will be replaced**",
    Kind.MAYBE_REPLACED: "may be replaced",
    Kind.KEPT: "leaves the stack, is kept",
    Kind.PERMISSION: "permission",
    Kind.CHANGED: "changed",
    Kind.NEW: "new",
}
_AT_STAKE: Final = {
    Kind.DESTROYED: "destroyed",
    Kind.REPLACED: "replaced",
    Kind.MAYBE_REPLACED: "may be replaced",
}
_NAMED: Final = 10  # in the verdict
_LONGEST_NAME: Final = 100  # there
_CAUSES: Final = 12  # in a row
_HEAD: Final = "| What | Stack | Resource | Type | Why |\n|---|---|---|---|---|\n"


def markdown(
    differences: Sequence[StackDiff], *, notes: Iterable[str] = (), whole: str, limit: int = LIMIT
) -> str:
    """The whole text, with a newline at its end; at most `limit` UTF-16 units, which is LEAST_LIMIT or more.

    `notes`: lines of Markdown under the verdict, a thousand characters at most; `whole`: the command that shows
    all of it, told where something had to be left out.
    """
    found = changes.of(differences)
    text = "\n\n".join([f"{MARKER}\n{verdict(differences, found)}", *notes]) + "\n"
    left_out = f"the whole difference: {span(whole)}"
    if found:
        # two thirds at most, so that the worst has its text too
        text += "\n" + _table(found, limit * 2 // 3 - length(text), left_out)
    worst_first = list(dict.fromkeys(change.stack for change in found))
    printed = sorted(
        (diff for diff in differences if diff.text), key=lambda diff: worst_first.index(diff.stack)
    )
    return text + _details(printed, limit - length(text), left_out)


def verdict(differences: Sequence[StackDiff], found: Sequence[Change]) -> str:
    """One line: how much changes, and what would be lost."""
    counted: Counter[Kind] = Counter(change.kind for change in found if change.kind != Kind.PERMISSION)
    if not found:
        return f"**Nothing changes** in {_number(len(differences), 'stack')}."
    stacks = {change.stack for change in found}
    parts = ", ".join(f"{counted[kind]} {_WORDS[kind]}" for kind in Kind if counted[kind])
    sentences = [f"{_number(counted.total(), 'change')} in {_number(len(stacks), 'stack')}: {parts}."]
    if at_stake := [change for change in found if change.data and change.kind in _AT_STAKE]:
        named = ", ".join(_at_stake(change) for change in at_stake[:_NAMED])
        more = f" and {len(at_stake) - _NAMED} more" if len(at_stake) > _NAMED else ""
        sentences.append(f"**Data at stake:** {named}{more}.")
    elif counted[Kind.DESTROYED] or counted[Kind.REPLACED]:
        sentences.append("None of it holds data.")
    if any(diff.broadened for diff in differences):
        sentences.append("Permissions are broadened.")
    if removed := [diff.stack for diff in differences if diff.removed]:
        named = ", ".join(span(stack, _LONGEST_NAME) for stack in removed[:_NAMED])
        more = f" and {len(removed) - _NAMED} more" if len(removed) > _NAMED else ""
        sentences.append(f"No longer in the app: {named}{more}; no deploy deletes a stack, its owner has to.")
    return " ".join(sentences)


def _at_stake(change: Change) -> str:
    return f"**{change.data}** {span(_name(change), _LONGEST_NAME)} ({_AT_STAKE[change.kind]})"


def _name(change: Change) -> str:
    return change.path or f"{change.stack}/{change.id}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _table(found: Sequence[Change], room: int, left_out: str) -> str:
    """As many rows as have room, and a line that says how many have none."""
    rows, used = [], length(_HEAD) + length(left_out) + 100
    for change in found:
        row = _row(change)
        used += length(row)
        if used > room:
            break
        rows.append(row)
    text = _HEAD + "".join(rows)
    if len(rows) < len(found):
        text += f"\n{_number(len(found) - len(rows), 'more row')}, none worse than these; {left_out}\n"
    return text


def _row(change: Change) -> str:
    what = f"{_WORDS[change.kind]}{f' ({change.data})' if change.data else ''}"
    resource = " ".join(filter(None, [span(change.id), span(change.path)]))
    why = "; ".join(_why(cause) for cause in change.causes[:_CAUSES])
    more = f"; {len(change.causes) - _CAUSES} more" if len(change.causes) > _CAUSES else ""
    return f"| {what} | {span(change.stack)} | {resource} | {span(change.type)} | {why}{more} |\n"


def _why(cause: Cause) -> str:
    return " ".join(filter(None, [span(cause.name), cause.says, span(cause.quoted)]))


def _details(differences: Sequence[StackDiff], room: int, left_out: str) -> str:
    """What the CDK prints for each stack, as far as there is room for it."""
    text, missing = "", 0
    for diff in differences:
        head = f"\n<details><summary>{_escaped(diff.stack)}</summary>\n\n"
        end = "\n\n</details>\n"
        free = room - length(text) - length(head) - length(end) - length(left_out) - 100
        shown, lines = block(diff.text, 0 if missing else free)
        text += f"{head}{shown}{end}" if shown else ""
        missing += lines
    if missing:
        text += f"\n{_number(missing, 'line')} left out here; {left_out}\n"
    return text


def _escaped(stack: str) -> str:
    """A name in HTML, where Markdown has no code spans."""
    kept = "".join(each if each.isalnum() or each in "-/ " else "_" for each in stack)
    return f"<code>{kept[:_LONGEST_NAME]}</code>"
