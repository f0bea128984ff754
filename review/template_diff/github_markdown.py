"""Text from templates in GitHub's Markdown: it stays in its table cell or code block, whatever it is.

All of it is code, in which GitHub finds neither markup nor HTML, mentions, links or emoji ("GitHub Flavored
Markdown Spec": Code spans, Fenced code blocks, Tables).
"""

import re
import unicodedata
from typing import Final

_LONGEST_CELL: Final = 300


def length(text: str) -> int:
    """As GitHub counts at most: in UTF-16 units, of which a character takes one or two."""
    return len(text.encode("utf-16-le")) // 2


def span(text: str, longest: int = _LONGEST_CELL) -> str:
    """`text` as a code span of at most `longest` characters, on one line, for use in a table cell too; empty for
    an empty text."""
    shown = " ".join(_visible(text).split())
    if len(shown) > longest:
        shown = shown[: longest - 1] + "…"
    shown = shown.replace("|", r"\|")  # in a table, before it is seen that this is code
    if not shown:
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def block(text: str, longest: int) -> tuple[str, int]:
    """As many lines of `text` as fit into a fenced code block of at most `longest` UTF-16 units, and the number
    of lines that do not; the block has no newline at its end, and is empty if not one line fits."""
    lines = [_visible(line) for line in text.rstrip("\n").split("\n")]
    fence, used, taken = 3, 0, 0
    for line in lines:
        wider = max(fence, _longest_run(line) + 1)
        used += length(line) + 1
        if used + 2 * wider + len("text\n") > longest:
            break
        fence, taken = wider, taken + 1
    if not taken:
        return "", len(lines)
    return "\n".join(["`" * fence + "text", *lines[:taken], "`" * fence]), len(lines) - taken


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _visible(text: str) -> str:
    """Control, format and unassigned characters as `\\u202e`: some turn the direction of the text around them."""
    return "".join(
        f"\\u{ord(each):04x}" if unicodedata.category(each).startswith("C") and each not in "\n\t" else each
        for each in text
    )
